package dev.forge.redis.spring.cache;

import java.util.Collection;
import org.springframework.core.ResolvableType;

/**
 * Names types of values of a cache that no annotated method returns, such as a {@code List<Book>} that the application puts itself.
 *
 * <p>Beans of this type are called once for each cache, when it is made.
 */
@FunctionalInterface
public interface CacheTypes {

    /** Returns the types of values in the cache {@code name}, besides those of its methods; empty if there are none. */
    Collection<ResolvableType> of(String name);
}
