package dev.forge.torture.fault;

import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;

/** Redis in one topology, with the faults that can be made there. */
public sealed interface Stage extends AutoCloseable permits SingleStage, ClusterStage, SentinelStage, ProcessStage {

    /** Returns what a manager needs to connect. */
    RedisSettings settings();

    /** Makes a fault; it is in force when this returns. */
    void begin(Fault fault);

    /** Ends it; Redis is healthy when this returns. */
    void end(Fault fault);

    /** Waits until the next fault can be made. */
    void awaitReady();

    /** Returns the server that has {@code key}. */
    EmbeddedRedis serverOf(String key);

    /** Reads a counter, bypassing any fault on the way; returns 0 if there is none. */
    default long counter(String key) {
        String value = serverOf(key).command("GET", key);
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    /** Returns the time within which Redis must be in use again after a fault of this kind. */
    Duration recovery(FaultKind kind);

    /** Returns the number of open client connections. */
    int connections();

    @Override
    void close();
}
