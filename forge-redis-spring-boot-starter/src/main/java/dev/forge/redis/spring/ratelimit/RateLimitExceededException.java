package dev.forge.redis.spring.ratelimit;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A request that a rate limit refused: 429 with a problem of RFC 9457.
 *
 * <p>It is handled like any exception of a controller. So an application's {@code @ExceptionHandler} methods, or
 * {@code spring.mvc.problemdetails.enabled}, shape the answer. If none handles it, the body is {@link #getBody()}.
 *
 * <p>The response already has {@code Retry-After} and the {@code RateLimit} headers when this is thrown, so that every
 * answer keeps them.
 */
public final class RateLimitExceededException extends ErrorResponseException {

    private static final long serialVersionUID = 1L;
    private static final URI TYPE = URI.create("https://iana.org/assignments/http-problem-types#quota-exceeded");

    private final String limit;
    private final Duration retryAfter;

    /** @param seconds what {@code Retry-After} says: {@code retryAfter}, rounded up */
    RateLimitExceededException(String limit, Duration retryAfter, long seconds) {
        super(HttpStatus.TOO_MANY_REQUESTS, problem(limit, seconds), null);
        this.limit = limit;
        this.retryAfter = retryAfter;
    }

    private static ProblemDetail problem(String limit, long seconds) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.TOO_MANY_REQUESTS, "Too many requests. Try again in " + seconds + " s.");
        problem.setType(TYPE);
        problem.setProperty("violated-policies", List.of(limit));
        return problem;
    }

    /** Returns the name of the limit. */
    public String limit() {
        return limit;
    }

    /** Returns how long the caller must wait until the same request is allowed, if no other comes first. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** Records no stack: refusals come in floods, and say nothing about the code. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
