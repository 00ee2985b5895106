package dev.forge.redis.spring;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Says whom a request comes from, where that is not its {@link HttpServletRequest#getUserPrincipal() principal}. A bean of this
 * type is asked by every rate limit whose subject is {@code principal}.
 */
@FunctionalInterface
public interface RateLimitSubject {

    /**
     * Returns a name that the caller cannot choose freely, or nothing to count by address. A name that is blank, longer than 1024
     * characters or not valid Unicode counts by address too.
     */
    Optional<String> of(HttpServletRequest request);
}
