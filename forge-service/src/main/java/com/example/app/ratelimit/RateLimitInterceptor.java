// forge:file redis
package com.example.app.ratelimit;

import dev.forge.redis.RedisFailure;
import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.SessionCookie;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Counts requests for each user, or for each address where there is no session, and refuses the excess.
 *
 * <p>The address is the connection's: a header such as {@code X-Forwarded-For} is the caller's word. Behind a
 * proxy of your own, set {@code SERVER_FORWARD_HEADERS_STRATEGY=native}.
 *
 * <p>When Redis is unavailable, requests pass. The headers {@code RateLimit} and {@code RateLimit-Policy}
 * follow draft-ietf-httpapi-ratelimit-headers.
 */
@Component
class RateLimitInterceptor implements HandlerInterceptor {
    private final RateLimiter limiter;
    private final SessionStore sessions;
    private final SessionCookie cookie;
    private final String policy;

    RateLimitInterceptor(RateLimiter limiter, SessionStore sessions, SessionCookie cookie, RateLimitSettings settings) {
        this.limiter = limiter;
        this.sessions = sessions;
        this.cookie = cookie;
        this.policy = "\"default\";q=" + settings.permits() + ";w=" + seconds(settings.window());
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            return true; // The second half of a request that was counted already.
        }
        Decision decision = limiter.tryAcquire(subject(request));
        response.setHeader("RateLimit-Policy", policy);
        if (decision instanceof Decision.Denied denied) {
            response.setHeader("RateLimit", remaining(0, denied.retryAfter()));
            throw tooMany(denied.retryAfter());
        }
        if (decision instanceof Decision.Allowed allowed && allowed.basis() == Decision.Basis.COUNT) {
            response.setHeader("RateLimit", remaining(allowed.remaining(), allowed.resetAfter()));
        }
        return true;
    }

    private String subject(HttpServletRequest request) {
        return cookie.read(request)
                .flatMap(this::session)
                .map(session -> "user:" + session.user())
                .orElseGet(() -> "address:" + request.getRemoteAddr());
    }

    private Optional<Session> session(String id) {
        try {
            return sessions.get(id);
        } catch (RedisFailure unavailable) {
            return Optional.empty();
        }
    }

    private static ErrorResponseException tooMany(Duration retryAfter) {
        ErrorResponseException refusal = new ErrorResponseException(
                HttpStatus.TOO_MANY_REQUESTS,
                ProblemDetail.forStatusAndDetail(HttpStatus.TOO_MANY_REQUESTS, "Too many requests."),
                null);
        refusal.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(seconds(retryAfter)));
        return refusal;
    }

    private static String remaining(long permits, Duration reset) {
        return "\"default\";r=" + permits + ";t=" + seconds(reset);
    }

    /** Whole seconds, rounded up, so that who waits that long has waited long enough. */
    private static long seconds(Duration duration) {
        return duration.plusSeconds(1).minusNanos(1).toSeconds();
    }
}
