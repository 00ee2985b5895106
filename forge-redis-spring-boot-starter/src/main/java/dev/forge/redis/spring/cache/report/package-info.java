/**
 * Who caches, and why nothing is cached, or not what one expects.
 *
 * <p>{@link dev.forge.redis.spring.cache.report.CachingReport} is what the Actuator endpoint shows. {@code MethodProblems} says why a
 * proxy does not see the calls of a method.
 */
@NullMarked
package dev.forge.redis.spring.cache.report;

import org.jspecify.annotations.NullMarked;
