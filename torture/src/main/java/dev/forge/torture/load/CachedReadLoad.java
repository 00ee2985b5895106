package dev.forge.torture.load;

import dev.forge.redis.cache.Cache;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Reads through the caches of two processes. */
public final class CachedReadLoad implements LoadStream {

    /** In the process that did not invalidate, a read may join a look-up that began earlier. */
    static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Look-up, lease and store are one call each. */
    private static final int CALLS = 3;

    private final Ground ground;
    private final Profiles profiles;
    private final Calls calls;
    private final AtomicLong steps = new AtomicLong();

    public CachedReadLoad(Ground ground, Profiles profiles) {
        this.ground = ground;
        this.profiles = profiles;
        this.calls = Calls.ofLookups(ground, name());
    }

    @Override
    public String name() {
        return "cached reads";
    }

    @Override
    public double perSecond() {
        return 2_000;
    }

    @Override
    public int threads() {
        return 3;
    }

    @Override
    public void step() {
        int key = Profiles.anyKey();
        String name = Integer.toString(key);
        long number = steps.getAndIncrement();
        int back = ground.epochs().back();
        Profiles.Caches caches = profiles.of(key);
        long staleness = caches.staleness().toNanos();
        @Nullable Optional<String> value;
        String reader;
        long oldest;
        if (number % 8 == 0) {
            reader = "the other process";
            oldest = profiles.check.oldest(key, System.nanoTime(), LAG_NANOS + staleness);
            value = load(caches.theirs(), name, key);
        } else if (number % 4 == 1) {
            reader = "a look";
            oldest = profiles.check.oldest(key, System.nanoTime(), staleness);
            value = calls.run(ground.deadline(), () -> caches.theirs().getIfPresent(name));
        } else {
            reader = "a reader";
            oldest = profiles.check.oldest(key, System.nanoTime(), 0);
            value = load(caches.mine(), name, key);
        }
        if (value != null && value.isPresent()) {
            profiles.read(reader, key, value.get(), oldest, back);
        }
    }

    private @Nullable Optional<String> load(Cache<String> cache, String name, int key) {
        return calls.run(
                ground.deadline().multipliedBy(CALLS).plus(Profiles.LOST_LEASE),
                () -> cache.get(name, k -> profiles.load(key)));
    }

    @Override
    public Map<String, Long> outcomes() {
        Map<String, Long> counts = new TreeMap<>(calls.counts());
        counts.put("from memory", profiles.nearHits());
        return counts;
    }
}
