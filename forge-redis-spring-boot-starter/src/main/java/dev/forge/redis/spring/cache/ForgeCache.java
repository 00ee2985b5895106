package dev.forge.redis.spring.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Options of the values of one method, beside {@code @Cacheable} or {@code @CachePut} on it. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ForgeCache {

    /**
     * The TTL of the values, such as {@code 5m} or {@code PT5M}; placeholders such as {@code ${books.ttl}} are resolved. 0 means that they
     * do not expire.
     */
    String ttl();
}
