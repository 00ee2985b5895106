package dev.forge.redis.spring.observe;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code forge.observe.*}.
 *
 * @param commands Whether each single command of Redis is an observation, and so a span of its own in a trace.
 */
@ConfigurationProperties("forge.observe")
record ForgeObserveProperties(@DefaultValue("false") boolean commands) {}
