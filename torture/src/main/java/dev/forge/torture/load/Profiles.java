package dev.forge.torture.load;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheBuilder;
import dev.forge.torture.check.FreshnessCheck;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Values with versions that two processes read through their caches and one invalidates. Both also keep those of odd
 * keys in memory.
 */
public final class Profiles {
    /** The longest wait for a lease whose end was lost with its connection, as docs/cache.md promises. */
    static final Duration LOST_LEASE = Duration.ofSeconds(2);

    static final int KEYS = 1_000;

    // Fewer than the odd keys, so that some are evicted.
    private static final int MOST_IN_MEMORY = 200;
    private static final Duration TTL = Duration.ofSeconds(5);
    private static final long SLOW_LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Ground ground;
    final FreshnessCheck check;
    private final Caches plain;
    private final Caches near;

    public Profiles(Ground ground) {
        this.ground = ground;
        this.check = new FreshnessCheck(ground.violations(), KEYS);
        this.plain =
                new Caches(plain(ground.mine()).build(), plain(ground.theirs()).build(), Duration.ZERO);
        this.near = new Caches(
                plain(ground.mine()).nearCache(MOST_IN_MEMORY).build(),
                plain(ground.theirs()).nearCache(MOST_IN_MEMORY).build(),
                ground.theirs().settings().nearMaxStaleness());
    }

    private static CacheBuilder<String> plain(RedisManager redis) {
        return Cache.builder(redis, "profile", String.class).ttl(TTL);
    }

    /**
     * The caches of the process that invalidates and of the other.
     *
     * @param staleness the longest lag of the other
     */
    record Caches(Cache<String> mine, Cache<String> theirs, Duration staleness) {}

    /** Returns the caches through which {@code key} is read. */
    Caches of(int key) {
        return key % 2 == 0 ? plain : near;
    }

    /** Returns a key; a few are far more popular than the others. */
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

    /** Checks a value that a read returned; {@code back} is what {@code ground.epochs().back()} was before. */
    void read(String reader, int key, String value, long oldest, int back) {
        String[] parts = value.split("=", 3);
        if (parts.length != 3 || !parts[0].equals(Integer.toString(key))) {
            ground.violations().add("the right reply to the right caller", reader + " got the value of another key");
        } else if (ground.epochs().isForward(back)) {
            check.read(reader, key, Long.parseLong(parts[1]), oldest);
        }
    }

    /** Returns how many values came from the memory of a process. */
    long nearHits() {
        return near.mine().stats().nearHits() + near.theirs().stats().nearHits();
    }
}
