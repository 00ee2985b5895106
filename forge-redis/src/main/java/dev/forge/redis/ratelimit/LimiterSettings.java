package dev.forge.redis.ratelimit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** The settings of a limiter besides its limits. */
record LimiterSettings(OnOutage onOutage, int instances, Duration timeout, boolean denialCache, boolean shadowMode) {

    private static final int MOST_INSTANCES = 1_000_000;

    LimiterSettings {
        requireNonNull(onOutage, "onOutage");
        requireNonNull(timeout, "timeout");
        if (instances < 1 || instances > MOST_INSTANCES) {
            throw new IllegalArgumentException(
                    "instances must be from 1 to " + MOST_INSTANCES + ", but was " + instances);
        }
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("timeout must be from 1 ms to 1 h, but was " + timeout);
        }
    }

    /** A quarter of a second outlasts a pause of either process, and is still short for a caller. */
    static LimiterSettings defaults() {
        return new LimiterSettings(OnOutage.ALLOW, 1, Duration.ofMillis(250), true, false);
    }

    LimiterSettings withOnOutage(OnOutage onOutage) {
        return new LimiterSettings(onOutage, instances, timeout, denialCache, shadowMode);
    }

    LimiterSettings withInstances(int instances) {
        return new LimiterSettings(onOutage, instances, timeout, denialCache, shadowMode);
    }

    LimiterSettings withTimeout(Duration timeout) {
        return new LimiterSettings(onOutage, instances, timeout, denialCache, shadowMode);
    }

    LimiterSettings withDenialCache(boolean denialCache) {
        return new LimiterSettings(onOutage, instances, timeout, denialCache, shadowMode);
    }

    LimiterSettings withShadowMode(boolean shadowMode) {
        return new LimiterSettings(onOutage, instances, timeout, denialCache, shadowMode);
    }
}
