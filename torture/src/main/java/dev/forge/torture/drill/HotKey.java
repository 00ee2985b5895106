package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.torture.check.FreshnessCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One key that many callers read, while it is invalidated again and again. */
final class HotKey implements Drill {

    static final String PROMISE = "a hot key is loaded once for all";

    private static final int CALLERS = 8;
    private static final int INVALIDATIONS = 16;
    private static final int LOAD_MILLIS = 20;

    /** So that some come while a load is under way. */
    private static final int MOST_BETWEEN_MILLIS = 5 * LOAD_MILLIS;

    private static final Duration CALL = Duration.ofSeconds(1);

    /** In a process that did not invalidate, a look-up may join one that began before. */
    private static final long LAG_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    @Override
    public void run(DrillGround ground) throws Exception {
        try (RedisManager mine = ground.manager();
                RedisManager theirs = ground.manager()) {
            String name = ground.fresh("hot");
            Cache<String> one = Cache.builder(mine, name, String.class).build();
            Cache<String> two = Cache.builder(theirs, name, String.class).build();
            FreshnessCheck check = new FreshnessCheck(ground.violations(), 1);
            AtomicInteger loads = new AtomicInteger();
            AtomicBoolean stop = new AtomicBoolean();
            Workers workers = new Workers(ground.violations());
            for (int i = 0; i < CALLERS; i++) {
                boolean invalidates = i % 2 == 0;
                Cache<String> cache = invalidates ? one : two;
                workers.start(PROMISE, () -> {
                    while (!stop.get()) {
                        long start = System.nanoTime();
                        long oldest = check.oldest(0, start, invalidates ? 0 : LAG_NANOS);
                        String found =
                                cache.get("hot", key -> load(check, loads)).orElse("-1");
                        ground.within(CALL, start, PROMISE, "a look-up");
                        check.read("a caller", 0, Long.parseLong(found), oldest);
                        TimeUnit.MILLISECONDS.sleep(1);
                    }
                    return true;
                });
            }
            for (int i = 0; i < INVALIDATIONS; i++) {
                TimeUnit.MILLISECONDS.sleep(ground.random().nextInt(MOST_BETWEEN_MILLIS));
                long version = check.change(0);
                one.invalidate("hot");
                check.invalidated(0, version, System.nanoTime());
            }
            TimeUnit.MILLISECONDS.sleep(MOST_BETWEEN_MILLIS);
            stop.set(true);
            workers.await(Duration.ofSeconds(10));
            // At each invalidation one load may be in progress, whose value is discarded.
            int most = 2 * (INVALIDATIONS + 1);
            ground.require(loads.get() <= most, PROMISE, loads + " loads for " + INVALIDATIONS + " invalidations");
            List.of(one, two)
                    .forEach(cache -> ground.require(
                            cache.stats().redisFailures() == 0,
                            PROMISE,
                            cache.stats().redisFailures() + " failures of Redis"));
        }
    }

    private static Optional<String> load(FreshnessCheck check, AtomicInteger loads) throws InterruptedException {
        loads.incrementAndGet();
        long version = check.source(0);
        TimeUnit.MILLISECONDS.sleep(LOAD_MILLIS);
        return Optional.of(Long.toString(version));
    }
}
