package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.Loader;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** With a busy common pool, leases are still renewed, connections restored, and stale values refreshed. */
final class BusyPool implements Drill {

    static final String PROMISE = "a busy common pool holds nothing up";

    /** Longer than a lease lasts. */
    private static final int LOAD_MILLIS = 2_600;

    private static final int SECOND_CALLER_MILLIS = 2_200;
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Duration RECONNECT = Duration.ofMillis(1_500);
    private static final Duration REFRESH = Duration.ofMillis(1_500);

    @Override
    public void run(DrillGround ground) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (FaultProxy proxy = FaultProxy.to(ground.port());
                RedisManager mine = ground.manager(proxy);
                RedisManager theirs = ground.manager()) {
            Cache<String> stale = Cache.builder(theirs, ground.fresh("busystale"), String.class)
                    .ttl(Duration.ofMillis(200))
                    .staleFor(Duration.ofMinutes(1))
                    .build();
            stale.get("k", key -> Optional.of("old"));
            block(over);
            try {
                Workers workers = new Workers(ground.violations());
                loadsOnce(ground, mine, theirs, workers);
                reconnects(ground, proxy, mine);
                refreshes(ground, stale);
                workers.await(Duration.ofSeconds(10));
            } finally {
                over.countDown();
            }
        }
    }

    private static void block(CountDownLatch over) throws InterruptedException {
        int all = Math.max(1, ForkJoinPool.getCommonPoolParallelism());
        CountDownLatch blocked = new CountDownLatch(all);
        for (int i = 0; i < all; i++) {
            ForkJoinPool.commonPool().execute(() -> {
                blocked.countDown();
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        blocked.await(2, TimeUnit.SECONDS);
    }

    private static void loadsOnce(DrillGround ground, RedisManager mine, RedisManager theirs, Workers workers) {
        String name = ground.fresh("busy");
        AtomicInteger loads = new AtomicInteger();
        Loader<String> slow = key -> {
            loads.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(LOAD_MILLIS);
            return Optional.of("value of " + key);
        };
        Cache<String> one = Cache.builder(theirs, name, String.class).ttl(TTL).build();
        Cache<String> two = Cache.builder(mine, name, String.class).ttl(TTL).build();
        workers.start(PROMISE, () -> {
            one.get("k", slow);
            boolean stored = one.getIfPresent("k").isPresent();
            ground.require(stored, PROMISE, "a value that took " + LOAD_MILLIS + " ms to load was not stored");
            return stored;
        });
        workers.start(PROMISE, () -> {
            TimeUnit.MILLISECONDS.sleep(SECOND_CALLER_MILLIS);
            Optional<String> found = two.get("k", slow);
            ground.require(
                    loads.get() == 1, PROMISE, "a value was loaded " + loads + " times, its lease was not renewed");
            return found;
        });
    }

    private static void reconnects(DrillGround ground, FaultProxy proxy, RedisManager mine)
            throws InterruptedException {
        proxy.reset();
        long start = System.nanoTime();
        boolean back = false;
        while (!back && System.nanoTime() - start < RECONNECT.toNanos() * 2) {
            try {
                mine.getSync("busy");
                back = true;
            } catch (RedisFailure e) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        ground.within(RECONNECT, start, PROMISE, "to connect again");
    }

    private static void refreshes(DrillGround ground, Cache<String> stale) throws InterruptedException {
        long start = System.nanoTime();
        String found = "old";
        while (found.equals("old") && System.nanoTime() - start < REFRESH.toNanos() * 2) {
            found = stale.get("k", key -> Optional.of("new")).orElse("none");
            TimeUnit.MILLISECONDS.sleep(10);
        }
        ground.within(REFRESH, start, PROMISE, "to refresh a stale value");
    }
}
