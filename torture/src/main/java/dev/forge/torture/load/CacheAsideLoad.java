package dev.forge.torture.load;

import dev.forge.redis.cache.Cache;
import dev.forge.torture.check.OverlapCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Look-ups in two processes of values that load slowly and expire soon. */
public final class CacheAsideLoad implements LoadStream {

    private static final int KEYS = 50;
    private static final int CALLS = 3;
    private static final Duration TTL = Duration.ofMillis(500);
    private static final Duration LOAD = Duration.ofMillis(20);

    private final Ground ground;
    private final Calls calls;
    private final List<Cache<String>> caches;
    private final List<OverlapCheck> checks;
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong loads = new AtomicLong();

    public CacheAsideLoad(Ground ground) {
        this.ground = ground;
        this.calls = Calls.ofLookups(ground, name());
        this.caches = List.of(
                Cache.builder(ground.mine(), "aside", String.class).ttl(TTL).build(),
                Cache.builder(ground.theirs(), "aside", String.class).ttl(TTL).build());
        this.checks = List.of(new OverlapCheck(ground.violations()), new OverlapCheck(ground.violations()));
    }

    @Override
    public String name() {
        return "cache-aside";
    }

    @Override
    public double perSecond() {
        return 300;
    }

    @Override
    public void step() {
        long number = steps.getAndIncrement();
        int process = (int) (number % 2);
        String key = Long.toString(number / 2 % KEYS);
        calls.begin(
                ground.deadline().multipliedBy(CALLS).plus(LOAD.multipliedBy(2)).plus(Profiles.LOST_LEASE),
                () -> caches.get(process).getAsync(key, name -> load(checks.get(process), name)),
                (outcome, value) -> {
                    if (value != null && !value.orElse("").startsWith(key + "=")) {
                        ground.violations().add("the right reply to the right caller", "the value of another key");
                    }
                });
    }

    /** Returns how many values were loaded. */
    public long loads() {
        return loads.get();
    }

    @Override
    public Map<String, Long> outcomes() {
        return calls.counts();
    }

    private Optional<String> load(OverlapCheck check, String key) {
        check.begin(key);
        loads.incrementAndGet();
        long end = System.nanoTime() + LOAD.toNanos();
        for (long left = LOAD.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(20)));
        }
        check.end(key);
        return Optional.of(key + "=" + ground.filling());
    }
}
