package dev.forge.redis.spring.cache;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.Expression;

/**
 * What is known of a method with cache annotations before it is called.
 *
 * @param type the type of what it caches, or null if it caches nothing: it only evicts, or its type cannot be cached
 * @param refusal why its values cannot be cached, or null if they can be
 * @param names the caches that its annotations name
 * @param usesAny whether a resolver chooses the caches
 * @param looksUp whether Spring looks a value up before the method; otherwise only the method itself does
 * @param ttl the TTL that {@link ForgeCache} gives its values, or null for that of the cache
 * @param tags the tags that {@link ForgeCache} gives its values
 */
record CachedMethod(
        @Nullable CachedType type,
        @Nullable String refusal,
        Set<String> names,
        boolean usesAny,
        boolean looksUp,
        @Nullable Duration ttl,
        List<Expression> tags) {

    /** Returns whether its values cannot be cached. */
    boolean isRefused() {
        return refusal != null;
    }

    /** Returns whether the annotations of the method may use {@code cache}. */
    boolean mayUse(String cache) {
        return usesAny || names.contains(cache);
    }
}
