package dev.forge.redis.spring;

import dev.forge.redis.session.Session;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/**
 * The cookie that holds a session's id, the only place where a browser gets to see it.
 *
 * <p>Scripts cannot read it ({@code HttpOnly}), and other sites cannot have it sent with what they post ({@code SameSite=Lax}).
 * The {@link #secure() secure} one travels over TLS only, and its name begins with {@code __Host-}, so that browsers take it
 * from this host alone, and not from another one of the same domain.
 *
 * <p>Thread-safe.
 */
public final class SessionCookie {

    private final String name;
    private final boolean secure;

    private SessionCookie(String name, boolean secure) {
        this.name = name;
        this.secure = secure;
    }

    /** Returns the cookie {@code __Host-session}. */
    public static SessionCookie secure() {
        return new SessionCookie("__Host-session", true);
    }

    /** Returns the cookie {@code session}, which also travels without TLS: for development. */
    public static SessionCookie plain() {
        return new SessionCookie("session", false);
    }

    /** Returns the session id that the caller sent. Only the session store knows if it is one. */
    public Optional<String> read(HttpServletRequest request) {
        return Optional.ofNullable(WebUtils.getCookie(request, name)).map(Cookie::getValue);
    }

    /** Returns the value of the header {@code Set-Cookie} that gives the client the id of {@code session}, until its end. */
    public String issue(Session session) {
        return cookie(session.id().value(), Duration.between(session.lastSeenAt(), session.expiresAt()));
    }

    /** Returns the value of the header {@code Set-Cookie} that takes the id from the client. */
    public String clear() {
        return cookie("", Duration.ZERO);
    }

    String name() {
        return name;
    }

    boolean isSecure() {
        return secure;
    }

    private String cookie(String value, Duration maxAge) {
        return ResponseCookie.from(name, value)
                .httpOnly(true)
                .secure(secure)
                .sameSite("Lax")
                .path("/")
                .maxAge(maxAge)
                .build()
                .toString();
    }
}
