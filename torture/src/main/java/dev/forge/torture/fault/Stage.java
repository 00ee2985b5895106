package dev.forge.torture.fault;

import dev.forge.redis.settings.RedisSettings;
import java.time.Duration;

/** Redis in one topology, and how each fault is made there. */
public sealed interface Stage extends AutoCloseable permits SingleStage, ClusterStage, SentinelStage, ProcessStage {

    /** Returns what a manager needs to connect. */
    RedisSettings settings();

    /** Makes a fault; it is in force when this returns. */
    void begin(Fault fault);

    /** Ends it; Redis is well when this returns. */
    void end(Fault fault);

    /** Waits until the next fault can be made. */
    void awaitReady();

    /** Returns a counter, past whatever is broken on the way; 0 if there is none. */
    long counter(String key);

    /** Returns the time in which Redis has to be in use again after a fault of the kind. */
    Duration recovery(FaultKind kind);

    /** Returns how many connections of clients are open. */
    int connections();

    @Override
    void close();
}
