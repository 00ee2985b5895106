// forge:file redis
package com.example.app.session;

import dev.forge.redis.session.Session;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/**
 * The cookie that holds a session's id, the only place where a browser gets to see it.
 *
 * <p>In production its name begins with {@code __Host-}: browsers then take it only from this host, over TLS.
 */
@Component
public class SessionCookie {
    private final boolean secure;
    private final String name;

    SessionCookie(@Value("${app.session.secure-cookie}") boolean secure) {
        this.secure = secure;
        this.name = secure ? "__Host-session" : "session";
    }

    /** The session id that the caller sent. Only the session store knows if it is one. */
    public Optional<String> read(HttpServletRequest request) {
        return Optional.ofNullable(WebUtils.getCookie(request, name)).map(Cookie::getValue);
    }

    String issue(Session session) {
        return cookie(session.id().value(), Duration.between(session.createdAt(), session.expiresAt()));
    }

    String clear() {
        return cookie("", Duration.ZERO);
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
