package dev.forge.redis.spring.ratelimit;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Identifies the user of a request, if that is not its {@link HttpServletRequest#getUserPrincipal() principal}.
 *
 * <p>Every rate limit whose subject is {@code principal} uses the bean of this type.
 */
@FunctionalInterface
public interface RateLimitSubject {

    /**
     * Returns a name that the caller cannot choose freely, or empty to count by address.
     *
     * <p>A name that is blank, longer than 1024 characters or not valid Unicode counts by address too.
     */
    Optional<String> of(HttpServletRequest request);
}
