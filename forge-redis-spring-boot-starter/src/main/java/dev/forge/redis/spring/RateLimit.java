package dev.forge.redis.spring;

import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.OnOutage;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits the requests to a method of a controller, or to all methods of a controller that have no limit of their own.
 *
 * <p>A refused request is answered with 429, {@code Retry-After} and a body of {@code application/problem+json}; every answer
 * has the headers {@code RateLimit-Policy} and {@code RateLimit}. When Redis is unavailable the answer is {@link #onOutage()},
 * after a quarter of a second at most.
 *
 * <p>Methods whose limits have one name share one count, and must agree on the numbers. Properties
 * {@code forge.rate-limit.rules.<name>.*} win over the annotation.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RateLimit {

    /** Returns the name of the count and of the policy: letters, digits, {@code -}, {@code _} and {@code .}. */
    String name();

    /** Returns how many permits there are in a period. */
    int permits();

    /** Returns the period, as in {@code 500ms}, {@code 10s}, {@code 1m} or {@code PT1H}. */
    String period();

    /** Returns how permits come back. */
    Algorithm algorithm() default Algorithm.SLIDING_WINDOW;

    /**
     * Returns what is counted apart: {@code principal}, {@code address}, or a header as in {@code header:X-Api-Key}. A request
     * without a principal or that header is counted by address, as is one in which it is blank, longer than 1024 characters or
     * not valid Unicode.
     */
    String subject() default "principal";

    /** Returns how many permits a request costs. */
    int cost() default 1;

    /** Returns what is answered while Redis cannot be asked. */
    OnOutage onOutage() default OnOutage.ALLOW;
}
