// forge:file redis
package com.example.app.ratelimit;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.ratelimit.RateLimitSubject;
import dev.forge.redis.spring.session.SessionCookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Counts requests by the user of the session, over all sessions of that user.
 *
 * <p>The rate limits are in {@code application.yml}. A request without a session counts towards the address of its
 * connection. Headers such as {@code X-Forwarded-For} are ignored, because a caller can forge them. Behind a proxy of
 * your own, name it in {@code FORGE_RATE_LIMIT_TRUSTED_PROXIES}, or set {@code SERVER_FORWARD_HEADERS_STRATEGY=native}.
 */
@Component
class SessionUser implements RateLimitSubject {
    private final SessionStore sessions;
    private final SessionCookie cookie;

    SessionUser(SessionStore sessions, SessionCookie cookie) {
        this.sessions = sessions;
        this.cookie = cookie;
    }

    @Override
    public Optional<String> of(HttpServletRequest request) {
        return cookie.read(request).flatMap(this::session).map(Session::user);
    }

    private Optional<Session> session(String id) {
        try {
            return sessions.get(id);
        } catch (RedisFailure unavailable) {
            return Optional.empty();
        }
    }
}
