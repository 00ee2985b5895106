package dev.forge.redis.spring.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Invalidates all values with a tag after the method has returned, or its future or publisher has completed.
 *
 * <p>In a transaction it waits for the commit; if a future or publisher completes on another thread, it also invalidates at once. If the
 * method throws, nothing is invalidated. When Redis is unavailable, the call fails unless the {@code CacheErrorHandler} of the
 * application says otherwise; this process does not serve the values, and sends the invalidation again.
 */
@Reflective
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(InvalidateTag.Several.class)
public @interface InvalidateTag {

    /** The tags, written as in {@link ForgeCache#tags}; {@code #result} is what the method returned. */
    String[] value();

    /** The caches. */
    String[] cacheNames();

    /** Several tags of different caches. */
    @Documented
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Several {
        /** The annotations. */
        InvalidateTag[] value();
    }
}
