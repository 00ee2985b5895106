package dev.forge.redis.spring.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Options of the values of one method, alongside {@code @Cacheable} or {@code @CachePut} on it. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ForgeCache {

    /**
     * The TTL of the values: seconds, or with a unit, such as {@code 5m} or {@code PT5M}. Placeholders such as {@code ${books.ttl}} are
     * resolved. 0 means that they do not expire. If it is not set, they have the TTL of the cache.
     */
    String ttl() default "";

    /**
     * The tags of the values, by which {@link InvalidateTag} removes them. An expression is written in {@code #{}}: {@code
     * tenant:#{#tenant}}. It may use the parameters of the method and, as {@code #result}, the value. If a tag consists of one
     * expression alone, and its result is a list, each element is a tag; if the result is null, there is no tag. A cached null has
     * no tags.
     */
    String[] tags() default {};
}
