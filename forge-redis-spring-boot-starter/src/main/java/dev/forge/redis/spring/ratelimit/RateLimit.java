package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.OnOutage;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits the requests to a controller method, or to all methods of a controller without a limit of their own.
 *
 * <p>A refused request is answered with 429, {@code Retry-After} and a body of {@code application/problem+json}, which
 * the application can change: see {@link RateLimitExceededException}. Every answer has the headers
 * {@code RateLimit-Policy} and {@code RateLimit}. When Redis is unavailable, {@link #onOutage()} decides, after a
 * quarter of a second at most.
 *
 * <p>Methods whose limits have the same name share one count, and must have the same numbers. Properties
 * {@code forge.rate-limit.rules.<name>.*} take precedence over the annotation.
 *
 * <p>For Spring MVC. A WebFlux application with this annotation does not start, nor does an application that has it on a bean
 * without Spring MVC routes, such as a service.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RateLimit {

    /** Returns the name of the count and of the policy: letters, digits, {@code -}, {@code _} and {@code .}. */
    String name();

    /** Returns how many permits there are in a period. */
    int permits();

    /** Returns the period: seconds, or with a unit, as in {@code 500ms}, {@code 10s}, {@code 1m} or {@code PT1H}. */
    String period();

    /** Returns how permits become free again. */
    Algorithm algorithm() default Algorithm.SLIDING_WINDOW;

    /**
     * Returns whose requests share one count: {@code principal}, {@code address}, or a header as in
     * {@code header:X-Api-Key}. If the principal or the header is missing, blank, longer than 1024 characters or not
     * valid Unicode, the request counts by address.
     */
    String subject() default "principal";

    /**
     * Returns how many permits a request costs. If a rule of this name has already counted the request before Spring
     * Security, it has cost one.
     */
    int cost() default 1;

    /** Returns the decision while Redis is unavailable. */
    OnOutage onOutage() default OnOutage.ALLOW;
}
