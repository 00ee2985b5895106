package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** One limit over HTTP, by draft-ietf-httpapi-ratelimit-headers and RFC 9457. */
final class RateLimitRule {

    private static final String COUNTED = RateLimitRule.class.getName() + ".counted.";

    private final String name;
    private final Function<HttpServletRequest, RateLimiter> limiter;
    private final Function<HttpServletRequest, String> subject;
    private final @Nullable ShadowMode shadow;

    /**
     * @param name the policy; part of the keys too, and so without characters that need escaping
     * @param limiter returns that of the caller's plan
     * @param shadow null if requests are refused
     */
    RateLimitRule(
            String name,
            Function<HttpServletRequest, RateLimiter> limiter,
            Function<HttpServletRequest, String> subject,
            @Nullable ShadowMode shadow) {
        this.name = name;
        this.limiter = limiter;
        this.subject = subject;
        this.shadow = shadow;
    }

    String name() {
        return name;
    }

    Optional<ShadowMode> shadow() {
        return Optional.ofNullable(shadow);
    }

    /**
     * Takes the permits of a request, and adds the headers to its response. In shadow mode, adds none. A request that this
     * has counted before, for its path or for its method, does not count again.
     *
     * @throws RateLimitExceededException if the request may not proceed; never in shadow mode
     */
    void check(HttpServletRequest request, HttpServletResponse response, int cost) {
        String counted = COUNTED + name;
        if (request.getAttribute(counted) != null) {
            return;
        }
        request.setAttribute(counted, true);
        RateLimiter own = limiter.apply(request);
        Decision decision = own.tryAcquire(subject.apply(request), cost);
        if (shadow != null) {
            shadow.decided(decision.isAllowed());
            return;
        }
        response.addHeader("RateLimit-Policy", policy(own.limits().get(0)));
        if (decision instanceof Denied denied) {
            long seconds = seconds(denied.retryAfter());
            response.addHeader("RateLimit", left(0, denied.retryAfter()));
            response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
            throw new RateLimitExceededException(name, denied.retryAfter(), seconds);
        }
        if (decision instanceof Allowed allowed && allowed.basis() == Basis.COUNT) {
            // A client that may not ask again now is told when it may, not when it may use all of its limit.
            Duration next = allowed.nextAfter();
            response.addHeader("RateLimit", left(allowed.remaining(), next.isZero() ? allowed.resetAfter() : next));
        }
    }

    private String policy(Limit limit) {
        return "\"" + name + "\";q=" + limit.permits() + ";w=" + seconds(limit.period());
    }

    private String left(long permits, Duration reset) {
        return "\"" + name + "\";r=" + permits + ";t=" + seconds(reset);
    }

    /** Whole seconds, rounded up, so that a client that waits that long has waited long enough. */
    private static long seconds(Duration duration) {
        return duration.plusSeconds(1).minusNanos(1).toSeconds();
    }
}
