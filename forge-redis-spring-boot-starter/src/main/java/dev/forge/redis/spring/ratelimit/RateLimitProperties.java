package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.OnOutage;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The properties {@code forge.rate-limit.*}.
 *
 * @param trustedProxies Addresses, or ranges such as 10.0.0.0/8, whose X-Forwarded-For is trusted.
 * @param rules Rate limits by name, for paths and for annotations of that name.
 */
@ConfigurationProperties("forge.rate-limit")
record RateLimitProperties(
        @DefaultValue List<String> trustedProxies,
        @DefaultValue Map<String, Rule> rules) {

    /**
     * One limit.
     *
     * @param paths Patterns of the limited paths, such as /api/**.
     * @param permits Requests in a period.
     * @param period Length of the period: seconds, or with a unit.
     * @param algorithm How permits become free again.
     * @param subject Whose requests share one count: principal, address, or header:X-Api-Key.
     * @param onOutage Decision while Redis is unavailable.
     * @param instances Number of processes that share the limit in an outage.
     * @param timeout Longest wait for Redis.
     */
    record Rule(
            @DefaultValue List<String> paths,
            int permits,

            @DefaultValue("0") @DurationUnit(ChronoUnit.SECONDS)
            Duration period,

            @DefaultValue("sliding-window") Algorithm algorithm,
            @DefaultValue("principal") String subject,
            @DefaultValue("allow") OnOutage onOutage,
            @DefaultValue("1") int instances,
            @DefaultValue("250ms") Duration timeout) {}
}
