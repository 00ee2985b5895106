package dev.forge.redis.ratelimit;

import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import java.time.Duration;

/**
 * The result of deciding some requests of equal cost, one after the other.
 *
 * @param allowed how many of the requests, from the first on, are allowed
 * @param left how many permits are left
 * @param retryAfter how long until one more would be allowed; zero if it would be now
 */
record Count(int cost, long allowed, long left, Duration retryAfter, Duration resetAfter, Limit limit) {

    /** Returns the decision on the request at {@code position}, counted from zero. */
    Decision decision(int position) {
        return position < allowed
                ? new Allowed(
                        left + (allowed - 1 - position) * cost,
                        position < allowed - 1 ? Duration.ZERO : retryAfter,
                        resetAfter,
                        Basis.COUNT,
                        limit)
                : new Denied(retryAfter, resetAfter, Basis.COUNT, limit);
    }

    /** Returns the decision that one more request would get. */
    Decision next() {
        return retryAfter.isZero()
                ? new Allowed(left, Duration.ZERO, resetAfter, Basis.COUNT, limit)
                : new Denied(retryAfter, resetAfter, Basis.COUNT, limit);
    }
}
