package dev.forge.redis.spring.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Invalidates all keys that match a pattern after the method has returned, or its future or publisher has completed.
 *
 * <p>{@code @InvalidateMatching(value = "{}:*", arguments = "#tenant", cacheNames = "prices")} matches the keys of that one tenant,
 * even if its id is {@code *}. It takes time in proportion to the keys of the server, so {@link InvalidateTag} is
 * better where values are removed often.
 *
 * <p>In a transaction it waits for the commit; if a future or publisher completes on another thread, it also invalidates at once. If the
 * method throws, nothing is invalidated. When Redis is unavailable, the call fails unless the {@code CacheErrorHandler} of the
 * application says otherwise.
 */
@Reflective
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(InvalidateMatching.Several.class)
public @interface InvalidateMatching {

    /**
     * The pattern of the keys, as they appear after the name of the cache; each {@code {}} is an argument, taken literally.
     */
    String value();

    /** The expressions that fill the places in the pattern, such as {@code #tenant}; none may be null. */
    String[] arguments() default {};

    /** The caches. */
    String[] cacheNames();

    /** Several patterns. */
    @Documented
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Several {
        /** The annotations. */
        InvalidateMatching[] value();
    }
}
