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
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Starts, shows and ends sessions, which are stored in Redis. {@link Logins} decides who gets one. */
@RestController
@RequestMapping("/sessions")
@Tag(name = "sessions")
class SessionController {
    private final Logins logins;
    private final SessionStore sessions;
    private final SessionCookie cookie;

    SessionController(Logins logins, SessionStore sessions, SessionCookie cookie) {
        this.logins = logins;
        this.sessions = sessions;
        this.cookie = cookie;
    }

    @PostMapping
    @Operation(summary = "Starts a session and sets its cookie")
    ResponseEntity<Current> start(@RequestBody @Valid Login login, HttpServletRequest request) {
        logins.check(login.user(), login.password());
        // Data of another user must never appear in the session.
        Map<String, String> attributes = find(request)
                .filter(known -> known.user().equals(login.user()))
                .map(known -> new HashMap<>(known.attributes()))
                .orElseGet(HashMap::new);
        attributes.putAll(login.data());
        attributes.put(SessionStore.DEVICE, device(request));
        // A new one, which lasts as long as any: someone who planted or saw the old id cannot use it. If the attributes do not
        // fit, the old one stays.
        Session session = sessions.create(login.user(), attributes);
        delete(request);
        return ResponseEntity.created(URI.create("/sessions/current"))
                .header(HttpHeaders.SET_COOKIE, cookie.issue(session))
                .body(Current.of(session));
    }

    @GetMapping
    @Operation(summary = "Lists all sessions of the current user")
    List<Device> list(HttpServletRequest request) {
        return sessions.sessionsOf(current(request).user()).stream()
                .map(Device::of)
                .toList();
    }

    @DeleteMapping
    @Operation(summary = "Ends all sessions of the current user")
    ResponseEntity<Void> endAll(HttpServletRequest request) {
        sessions.deleteAllOf(current(request).user());
        return loggedOut();
    }

    @GetMapping("/current")
    @Operation(summary = "Reads the current session")
    Current read(HttpServletRequest request) {
        return Current.of(current(request));
    }

    @DeleteMapping("/current")
    @Operation(summary = "Ends the current session")
    ResponseEntity<Void> end(HttpServletRequest request) {
        delete(request);
        return loggedOut();
    }

    /** The store checks what a session may hold, and its message names the rule. */
    @ExceptionHandler
    ProblemDetail refused(IllegalArgumentException rule) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT, rule.getMessage());
    }

    private Session current(HttpServletRequest request) {
        return find(request)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.UNAUTHORIZED, "There is no session."));
    }

    private Optional<Session> find(HttpServletRequest request) {
        return cookie.read(request).flatMap(sessions::get);
    }

    private void delete(HttpServletRequest request) {
        cookie.read(request).ifPresent(sessions::delete);
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

    record Login(
            @PlainText @Size(max = 64) @Schema(example = "ada")
            String user,

            @NotEmpty @Schema(example = "the password that the service logged when it started")
            String password,

            @Schema(example = "{\"theme\": \"dark\"}") Map<@PlainText String, @NotNull String> data) {

        Login {
            data = data == null ? Map.of() : data;
        }

        @Override
        public String toString() {
            return "Login[user=" + user + "]"; // Without the password.
        }
    }

    /** A session as its user sees it: everything but the id. */
    record Current(String user, Map<String, String> data, Instant expiresAt) {
        static Current of(Session session) {
            return new Current(session.user(), session.attributes(), session.expiresAt());
        }
    }

    /** A session in the list of a user's sessions; it may be on another device. */
    record Device(String device, Instant createdAt, Instant lastSeenAt) {
        static Device of(ActiveSession session) {
            return new Device(session.device(), session.createdAt(), session.lastSeenAt());
        }
    }
}
