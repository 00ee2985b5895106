package dev.forge.torture.load;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheStats;
import dev.forge.torture.check.FreshnessCheck;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Values with versions, that two processes read through their caches and one invalidates. */
public final class Profiles {
    /** So long a look-up may wait for a lease whose end was lost with its connection, as docs/cache.md promises. */
    static final Duration LOST_LEASE = Duration.ofSeconds(2);

    static final int KEYS = 1_000;
    private static final Duration TTL = Duration.ofSeconds(5);
    private static final long SLOW_LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Ground ground;
    final FreshnessCheck check;
    final Cache<String> mine;
    final Cache<String> theirs;

    public Profiles(Ground ground) {
        this.ground = ground;
        this.check = new FreshnessCheck(ground.violations(), KEYS);
        this.mine =
                Cache.builder(ground.mine(), "profile", String.class).ttl(TTL).build();
        this.theirs =
                Cache.builder(ground.theirs(), "profile", String.class).ttl(TTL).build();
    }

    /** Returns a key; a few are far more wanted than the others. */
    static int anyKey() {
        double share = ThreadLocalRandom.current().nextDouble();
        return (int) (KEYS * share * share * share);
    }

    /** Loads the version of the source, sometimes slowly, so that an invalidation may overtake it. */
    Optional<String> load(int key) {
        String value = key + "=" + check.source(key) + "=" + ground.filling();
        if (ThreadLocalRandom.current().nextInt(4) == 0) {
            LockSupport.parkNanos(SLOW_LOAD_NANOS);
        }
        return Optional.of(value);
    }

    /** Checks a value that a read returned. */
    void read(String reader, int key, String value, long oldest, int epoch) {
        String[] parts = value.split("=", 3);
        if (parts.length != 3 || !parts[0].equals(Integer.toString(key))) {
            ground.violations().add("the right reply to the right caller", reader + " got the value of another key");
        } else if (ground.epochs().holds(epoch)) {
            check.read(reader, key, Long.parseLong(parts[1]), oldest);
        }
    }

    /** Returns what the cache of the process that invalidates has done. */
    public CacheStats stats() {
        return mine.stats();
    }
}
