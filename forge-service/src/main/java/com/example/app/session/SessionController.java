// forge:file redis
package com.example.app.session;

import com.example.app.web.PlainText;
import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
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
 * Sessions in Redis.
 *
 * <p>The login is a demonstration: it asks for no password and believes every name. Put your own in its
 * place before anybody else can reach the service.
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
    @Operation(summary = "Starts a session and sets its cookie (a demonstration: no password is asked)")
    CompletableFuture<ResponseEntity<Current>> start(@RequestBody @Valid Login login, HttpServletRequest request) {
        // A session that the caller brings along ends here; a new one always has a new id.
        return end(cookie.read(request))
                .thenCompose(ended -> sessions.createAsync(login.user(), login.data()))
                .thenApply(session -> ResponseEntity.created(URI.create("/sessions/current"))
                        .header(HttpHeaders.SET_COOKIE, cookie.issue(session))
                        .body(Current.of(session)));
    }

    @GetMapping("/current")
    @Operation(summary = "Reads the session of the cookie")
    CompletableFuture<Current> current(HttpServletRequest request) {
        return find(cookie.read(request))
                .thenApply(session -> session.map(Current::of).orElseThrow(SessionController::noSession));
    }

    @DeleteMapping("/current")
    @Operation(summary = "Ends the session of the cookie")
    CompletableFuture<ResponseEntity<Void>> end(HttpServletRequest request) {
        return end(cookie.read(request))
                .thenApply(ended -> ResponseEntity.noContent()
                        .header(HttpHeaders.SET_COOKIE, cookie.clear())
                        .build());
    }

    private CompletableFuture<Optional<Session>> find(Optional<String> id) {
        return id.map(sessions::getAsync).orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    private CompletableFuture<Boolean> end(Optional<String> id) {
        return id.map(sessions::deleteAsync).orElseGet(() -> CompletableFuture.completedFuture(false));
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

    /** What a session shows of itself: everything but its id. */
    record Current(
            @Schema(example = "ada") String user,
            @Schema(example = "{\"theme\": \"dark\"}") Map<String, String> data,
            @Schema(example = "2026-11-02T12:00:00Z") Instant expiresAt) {

        static Current of(Session session) {
            return new Current(session.user(), session.attributes(), session.expiresAt());
        }
    }
}
