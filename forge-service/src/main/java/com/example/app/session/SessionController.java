// forge:file redis
package com.example.app.session;

import com.example.app.web.PlainText;
import dev.forge.redis.session.ActiveSession;
import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.session.SessionCookie;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Starts, shows and ends sessions, which are stored in Redis.
 *
 * <p>The login is only a demonstration: it asks for no password and accepts every name. Replace it with your own
 * before anyone else can reach the service.
 */
@RestController
@RequestMapping("/sessions")
@Tag(name = "sessions")
class SessionController {
    private final SessionStore sessions;
    private final SessionCookie cookie;

    SessionController(SessionStore sessions, SessionCookie cookie) {
        this.sessions = sessions;
        this.cookie = cookie;
    }

    @PostMapping
    @Operation(summary = "Starts a session and sets its cookie (a demonstration: asks for no password)")
    CompletableFuture<ResponseEntity<Current>> start(@RequestBody @Valid Login login, HttpServletRequest request) {
        Map<String, String> attributes = new HashMap<>(login.data());
        attributes.put(SessionStore.DEVICE, device(request));
        return find(request)
                .thenCompose(known -> known.filter(session -> session.user().equals(login.user()))
                        .map(session -> renew(session, attributes))
                        .orElseGet(() -> begin(request, login.user(), attributes)))
                .thenApply(session -> ResponseEntity.created(URI.create("/sessions/current"))
                        .header(HttpHeaders.SET_COOKIE, cookie.issue(session))
                        .body(Current.of(session)));
    }

    @GetMapping
    @Operation(summary = "Lists all sessions of the current user")
    CompletableFuture<List<Device>> list(HttpServletRequest request) {
        return current(request)
                .thenCompose(session -> sessions.sessionsOfAsync(session.user()))
                .thenApply(active -> active.stream().map(Device::of).toList());
    }

    @DeleteMapping
    @Operation(summary = "Ends all sessions of the current user")
    CompletableFuture<ResponseEntity<Void>> endAll(HttpServletRequest request) {
        return current(request)
                .thenCompose(session -> sessions.deleteAllOfAsync(session.user()))
                .thenApply(ended -> loggedOut());
    }

    @GetMapping("/current")
    @Operation(summary = "Reads the current session")
    CompletableFuture<Current> read(HttpServletRequest request) {
        return current(request).thenApply(Current::of);
    }

    @DeleteMapping("/current")
    @Operation(summary = "Ends the current session")
    CompletableFuture<ResponseEntity<Void>> end(HttpServletRequest request) {
        return delete(request).thenApply(ended -> loggedOut());
    }

    /** Moves the user's session to a new id, so that an attacker who planted or saw the old id cannot use it. */
    private CompletableFuture<Session> renew(Session known, Map<String, String> attributes) {
        return sessions.rotateAsync(known.id().value())
                .thenCompose(rotated -> rotated.isEmpty()
                        ? sessions.createAsync(known.user(), attributes)
                        : sessions.mergeAsync(rotated.get().id().value(), attributes)
                                .thenApply(merged -> merged.orElseThrow(SessionController::noSession)));
    }

    /** Starts an empty session, because data of another user must never appear in it. */
    private CompletableFuture<Session> begin(HttpServletRequest request, String user, Map<String, String> attributes) {
        return delete(request).thenCompose(ended -> sessions.createAsync(user, attributes));
    }

    private CompletableFuture<Session> current(HttpServletRequest request) {
        return find(request).thenApply(session -> session.orElseThrow(SessionController::noSession));
    }

    private CompletableFuture<Optional<Session>> find(HttpServletRequest request) {
        return cookie.read(request)
                .map(sessions::getAsync)
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    private CompletableFuture<Boolean> delete(HttpServletRequest request) {
        return cookie.read(request)
                .map(sessions::deleteAsync)
                .orElseGet(() -> CompletableFuture.completedFuture(false));
    }

    private ResponseEntity<Void> loggedOut() {
        return ResponseEntity.noContent()
                .header(HttpHeaders.SET_COOKIE, cookie.clear())
                .build();
    }

    /** The browser's own name, to show in the list of sessions. Nothing else may rely on it. */
    private static String device(HttpServletRequest request) {
        String agent = Optional.ofNullable(request.getHeader(HttpHeaders.USER_AGENT)).orElse("unknown");
        return agent.codePoints()
                .filter(character -> character >= ' ' && character < 0x7f)
                .limit(200)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static ResponseStatusException noSession() {
        return new ResponseStatusException(HttpStatus.UNAUTHORIZED, "There is no session.");
    }

    record Login(
            @PlainText @Size(max = 64) @Schema(example = "ada")
            String user,

            @Size(max = 20) @Schema(example = "{\"theme\": \"dark\"}")
            Map<@PlainText @Size(max = 64) String, @NotNull @Size(max = 1000) String> data) {

        Login {
            data = data == null ? Map.of() : data;
        }
    }

    /** A session as its user sees it: everything but the id. */
    record Current(
            @Schema(example = "ada") String user,
            @Schema(example = "{\"theme\": \"dark\"}") Map<String, String> data,
            @Schema(example = "2026-11-02T12:00:00Z") Instant expiresAt) {

        static Current of(Session session) {
            return new Current(session.user(), session.attributes(), session.expiresAt());
        }
    }

    /** A session in the list of a user's sessions; it may be on another device. */
    record Device(
            @Schema(example = "curl/8.5.0") String device,
            @Schema(example = "2026-11-02T12:00:00Z") Instant createdAt,
            @Schema(example = "2026-11-02T12:30:00Z") Instant lastSeenAt) {

        static Device of(ActiveSession session) {
            return new Device(session.device(), session.createdAt(), session.lastSeenAt());
        }
    }
}
