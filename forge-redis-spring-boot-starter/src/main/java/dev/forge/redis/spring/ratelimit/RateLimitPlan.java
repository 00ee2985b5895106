package dev.forge.redis.spring.ratelimit;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Says which plan the caller of a request is on, so that some callers have other limits than the rest.
 *
 * <p>Every rule with {@code forge.rate-limit.rules.<name>.plans.*} uses the bean of this type. Where there is no such
 * bean, no plan, or none of that name in the rule, the limit of the rule itself applies. Permits already taken still count
 * after a change of plan, if both plans have the same period.
 *
 * <p>It is asked once for each such request, on the thread of the request. What it throws fails the request.
 */
@FunctionalInterface
public interface RateLimitPlan {

    /** Returns the name of the caller's plan, or empty. */
    Optional<String> of(HttpServletRequest request);
}
