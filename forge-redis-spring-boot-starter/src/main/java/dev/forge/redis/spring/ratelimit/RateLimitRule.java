package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** One limit over HTTP, by draft-ietf-httpapi-ratelimit-headers and RFC 9457. */
final class RateLimitRule {

    private final String name;
    private final RateLimiter limiter;
    private final Function<HttpServletRequest, String> subject;
    private final String policy;

    /** @param name the policy; part of the keys too, and so without characters that need escaping */
    RateLimitRule(String name, RateLimiter limiter, Function<HttpServletRequest, String> subject) {
        this.name = name;
        this.limiter = limiter;
        this.subject = subject;
        Limit limit = limiter.limits().get(0);
        this.policy = "\"" + name + "\";q=" + limit.permits() + ";w=" + seconds(limit.period());
    }

    RateLimiter limiter() {
        return limiter;
    }

    /** Returns whether the request may proceed; if not, writes the answer. */
    boolean allows(HttpServletRequest request, HttpServletResponse response, int cost) throws IOException {
        Decision decision = limiter.tryAcquire(subject.apply(request), cost);
        response.addHeader("RateLimit-Policy", policy);
        if (decision instanceof Denied denied) {
            response.addHeader("RateLimit", left(0, denied.retryAfter()));
            refuse(response, seconds(denied.retryAfter()));
            return false;
        }
        if (decision instanceof Allowed allowed && allowed.basis() == Basis.COUNT) {
            response.addHeader("RateLimit", left(allowed.remaining(), allowed.resetAfter()));
        }
        return true;
    }

    private void refuse(HttpServletResponse response, long seconds) throws IOException {
        byte[] body = """
                {"type":"https://iana.org/assignments/http-problem-types#quota-exceeded","title":"Too Many Requests",\
                "status":429,"detail":"Too many requests. Try again in %d s.","violated-policies":["%s"]}""".formatted(seconds, name).getBytes(StandardCharsets.UTF_8);
        response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
        response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private String left(long permits, Duration reset) {
        return "\"" + name + "\";r=" + permits + ";t=" + seconds(reset);
    }

    /** Whole seconds, rounded up, so that a client that waits that long has waited long enough. */
    private static long seconds(Duration duration) {
        return duration.plusSeconds(1).minusNanos(1).toSeconds();
    }
}
