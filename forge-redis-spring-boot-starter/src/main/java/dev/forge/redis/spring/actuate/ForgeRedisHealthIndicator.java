package dev.forge.redis.spring.actuate;

import dev.forge.redis.RedisManager;
import dev.forge.redis.health.Health.Details;
import dev.forge.redis.health.Health.Down;
import dev.forge.redis.health.Health.ReadOnly;
import dev.forge.redis.health.Health.Up;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Reports the health of Redis: {@code UP}, {@code DOWN} with a reason, or {@code READ_ONLY}, which does not make the
 * application unhealthy. It names no address, because health pages are often public.
 */
final class ForgeRedisHealthIndicator implements HealthIndicator {

    private static final Status READ_ONLY = new Status("READ_ONLY");

    private final RedisManager redis;

    ForgeRedisHealthIndicator(RedisManager redis) {
        this.redis = redis;
    }

    @Override
    public Health health() {
        dev.forge.redis.health.Health health = redis.healthSync();
        if (health instanceof Up up) {
            return with(Health.up(), up.details()).build();
        }
        if (health instanceof ReadOnly readOnly) {
            return with(Health.status(READ_ONLY), readOnly.details())
                    .withDetail("reason", readOnly.reason())
                    .build();
        }
        return Health.down().withDetail("reason", ((Down) health).reason()).build();
    }

    private static Health.Builder with(Health.Builder builder, Details details) {
        return builder.withDetail("latencyMillis", details.latency().toNanos() / 1e6)
                .withDetail("version", details.version())
                .withDetail("mode", details.mode())
                .withDetail("role", details.role())
                .withDetail("usedMemory", details.usedMemory())
                .withDetail("maxMemory", details.maxMemory())
                .withDetail("evictionPolicy", details.evictionPolicy())
                .withDetail("tracking", details.tracking());
    }
}
