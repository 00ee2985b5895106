package dev.forge.redis.spring.session;

import dev.forge.redis.session.Session;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/**
 * The cookie with a session's id, which a browser sees nowhere else.
 *
 * <p>Scripts cannot read it ({@code HttpOnly}), and browsers do not send it with a POST from another site
 * ({@code SameSite=Lax}). The {@link #secure() secure} cookie is sent over TLS only. Its name begins with
 * {@code __Host-}, so that browsers accept it from this host only, and from no other host of the same domain.
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

    /** Returns the cookie {@code session}, which is also sent without TLS: for development. */
    public static SessionCookie plain() {
        return new SessionCookie("session", false);
    }

    /** Returns the session id that the caller sent. Only the session store knows whether it is valid. */
    public Optional<String> read(HttpServletRequest request) {
        return Optional.ofNullable(WebUtils.getCookie(request, name)).map(Cookie::getValue);
    }

    /** Returns the value of {@code Set-Cookie} that gives the client the id of {@code session}, until its end. */
    public String issue(Session session) {
        return cookie(session.id().value(), Duration.between(session.lastSeenAt(), session.expiresAt()));
    }

    /** Returns the value of {@code Set-Cookie} that deletes the cookie. */
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
