package dev.forge.redis.spring.observe;

import dev.forge.redis.RedisManager;
import dev.forge.redis.observe.ConnectionStats.TrackingState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The connections of a manager as meters. A scrape reads what the process knows, and asks nothing of Redis. */
final class ConnectionMeters {

    private ConnectionMeters() {}

    static void bind(RedisManager redis, Tags tags, MeterRegistry registry) {
        gauge("up", redis, each -> each.connectionStats().up() ? 1 : 0)
                .description("1 if the connection to the server, on a cluster to every primary, is responsive, else 0")
                .tags(tags)
                .register(registry);
        gauge("connections", redis, each -> each.connectionStats().connections())
                .description("Open connections for commands")
                .tags(tags)
                .register(registry);
        gauge("in-flight", redis, each -> each.connectionStats().inFlight())
                .description("Commands that wait for a connection or for a reply")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        "forge.redis.reconnects",
                        redis,
                        each -> each.connectionStats().reconnects())
                .description("Connections to a server that were lost or wrong, and were made again")
                .tags(tags)
                .register(registry);
        for (TrackingState state : TrackingState.values()) {
            gauge("near-cache", redis, each -> each.connectionStats().tracking() == state ? 1 : 0)
                    .description("1 for the state of the near caches: live, degraded, off, or unused")
                    .tags(tags.and("state", state.name().toLowerCase(Locale.ROOT)))
                    .register(registry);
        }
    }

    private static Gauge.Builder<RedisManager> gauge(
            String name, RedisManager redis, ToDoubleFunction<RedisManager> value) {
        return Gauge.builder("forge.redis." + name, redis, value);
    }
}
