package dev.forge.redis.spring.session;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.session.Session;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

    private final ResponseCookie template;
    private final @Nullable Duration maxAge;

    private SessionCookie(ResponseCookie template, @Nullable Duration maxAge) {
        this.template = template;
        this.maxAge = maxAge;
    }

    /** Returns the cookie {@code __Host-session}. */
    public static SessionCookie secure() {
        return HttpSessionCookie.NONE.sessionCookie(true);
    }

    /** Returns the cookie {@code session}, which is also sent without TLS: for development. */
    public static SessionCookie plain() {
        return HttpSessionCookie.NONE.sessionCookie(false);
    }

    /**
     * Returns a cookie that is like {@code template}, apart from its value and its age.
     *
     * @throws IllegalArgumentException if browsers would reject it: because of its name, or because it is not secure, and
     *     has {@code SameSite=None} or is partitioned
     */
    public static SessionCookie of(ResponseCookie template) {
        return of(template, null);
    }

    /** Like {@link #of(ResponseCookie)}, with an age; if negative, until the browser is closed. */
    static SessionCookie of(ResponseCookie template, @Nullable Duration maxAge) {
        requireNonNull(template, "template");
        String name = template.getName();
        boolean forHost = "/".equals(template.getPath()) && template.getDomain() == null;
        if (name.startsWith("__Host-") && !(template.isSecure() && forHost)) {
            throw new IllegalArgumentException("browsers reject the cookie " + name
                    + " unless it is secure, has the path / and no domain: give it another name");
        }
        if (name.startsWith("__Secure-") && !template.isSecure()) {
            throw new IllegalArgumentException("browsers reject the cookie " + name + " unless it is secure");
        }
        if ("None".equalsIgnoreCase(template.getSameSite()) && !template.isSecure()) {
            throw new IllegalArgumentException(
                    "browsers reject the cookie " + name + " with SameSite=None unless it is secure");
        }
        if (template.isPartitioned() && !template.isSecure()) {
            throw new IllegalArgumentException(
                    "browsers reject the cookie " + name + " if it is partitioned and not secure");
        }
        return new SessionCookie(template, maxAge);
    }

    /** Returns the session id that the caller sent. Only the session store knows whether it is valid. */
    public Optional<String> read(HttpServletRequest request) {
        return Optional.ofNullable(WebUtils.getCookie(request, template.getName()))
                .map(Cookie::getValue);
    }

    /** Returns the value of {@code Set-Cookie} that gives the client the id of {@code session}, until its end. */
    public String issue(Session session) {
        return cookie(
                session.id().value(),
                maxAge != null ? maxAge : Duration.between(session.lastSeenAt(), session.expiresAt()));
    }

    /** Returns the value of {@code Set-Cookie} that deletes the cookie. */
    public String clear() {
        return cookie("", Duration.ZERO);
    }

    ResponseCookie template() {
        return template;
    }

    Optional<Duration> maxAge() {
        return Optional.ofNullable(maxAge);
    }

    boolean isSecure() {
        return template.isSecure();
    }

    private String cookie(String value, Duration age) {
        return template.mutate().value(value).maxAge(age).build().toString();
    }
}
