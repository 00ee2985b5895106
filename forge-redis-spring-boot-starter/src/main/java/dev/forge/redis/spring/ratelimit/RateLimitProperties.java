package dev.forge.redis.spring.ratelimit;

import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.OnOutage;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The properties {@code forge.rate-limit.*}.
 *
 * @param trustedProxies Addresses, or ranges such as 10.0.0.0/8, whose X-Forwarded-For is trusted.
 * @param rules Rate limits by name, for paths and for annotations of that name.
 * @param server Name of the Redis server that counts, one of forge.redis.servers.
 */
@ConfigurationProperties("forge.rate-limit")
record RateLimitProperties(
        @DefaultValue List<String> trustedProxies,
        @DefaultValue Map<String, Rule> rules,
        @Nullable String server) {

    /**
     * One limit.
     *
     * @param paths Patterns of the limited paths, such as /api/**.
     * @param methods HTTP methods that are limited, such as POST; if empty, all. GET includes HEAD.
     * @param permits Requests in a period.
     * @param period Length of the period: seconds, or with a unit.
     * @param plans Limits by the name of a plan, which a RateLimitPlan bean returns for a request.
     * @param algorithm How permits become free again.
     * @param subject Whose requests share one count: principal, address, or header:X-Api-Key.
     * @param beforeSecurity Whether to limit before Spring Security, so that a login can be limited.
     * @param shadowMode Whether only to count, and to report what would have been refused.
     * @param onOutage Decision while Redis is unavailable.
     * @param instances Number of processes that share the limit in an outage.
     * @param timeout Longest wait for Redis: seconds, or with a unit.
     * @param server Name of the Redis server that counts; if not set, that of all limits.
     */
    record Rule(
            @DefaultValue List<String> paths,
            @DefaultValue List<String> methods,
            @Nullable Integer permits,
            @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration period,

            @DefaultValue Map<String, Plan> plans,
            @DefaultValue("sliding-window") Algorithm algorithm,
            @DefaultValue("principal") String subject,
            @DefaultValue("false") boolean beforeSecurity,
            @DefaultValue("false") boolean shadowMode,
            @DefaultValue("allow") OnOutage onOutage,
            @DefaultValue("1") int instances,

            @DefaultValue("250ms") @DurationUnit(ChronoUnit.SECONDS)
            Duration timeout,

            @Nullable String server) {}

    /**
     * The limit of the callers on one plan.
     *
     * @param permits Requests in a period.
     * @param period Length of the period: seconds, or with a unit; if not set, that of the rule.
     */
    record Plan(
            @Nullable Integer permits,
            @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration period) {}
}
