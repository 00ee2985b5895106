package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheBuilder;
import dev.forge.redis.cache.observe.CacheStats;
import dev.forge.redis.failure.RedisUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Far more calls at once than may be in flight: that is not an outage, and empties no cache. */
final class Burst implements Drill {

    static final String PROMISE = "more calls than the window are no outage";

    private static final int CALLS = 50_000;
    private static final int BYSTANDERS = 200;
    private static final Duration TTL = Duration.ofMinutes(2);
    private static final Duration ENDS = Duration.ofSeconds(10);

    @Override
    public void run(DrillGround ground) throws Exception {
        boolean near = ground.random().nextBoolean();
        // One connection has the smallest window.
        try (RedisManager redis = DrillGround.manager(ground.settings().toBuilder()
                .poolSize(0)
                .socketTimeout(Duration.ofSeconds(5))
                .build())) {
            CacheBuilder<String> builder =
                    Cache.builder(redis, ground.fresh("burst"), String.class).ttl(TTL);
            Cache<String> cache = (near ? builder.nearCache(1_000) : builder).build();
            for (int i = 0; i < BYSTANDERS; i++) {
                cache.put("by" + i, "by" + i);
            }
            Map<String, String> values = new HashMap<>();
            for (int i = 0; i < CALLS; i++) {
                values.put("k" + i, "v" + i);
            }
            bulk(ground, cache, values);
            single(ground, cache, "puts", i -> cache.putAsync("k" + i, "v" + i));
            AtomicInteger loads = new AtomicInteger();
            single(
                    ground,
                    cache,
                    "look-ups",
                    i -> cache.getAsync("k" + i, key -> {
                        loads.incrementAndGet();
                        return Optional.of("v" + key.substring(1));
                    }));
            cache.clear();
        }
    }

    private static void bulk(DrillGround ground, Cache<String> cache, Map<String, String> values) {
        long start = System.nanoTime();
        try {
            cache.putAll(values);
            ground.within(ENDS, start, PROMISE, "to put " + CALLS);
        } catch (RuntimeException e) {
            ground.violations().add(PROMISE, "to put " + CALLS + " failed: " + e);
        }
        after(ground, cache, "putAll");
        AtomicInteger loads = new AtomicInteger();
        start = System.nanoTime();
        Map<String, String> found = cache.getAll(values.keySet(), missing -> {
            loads.addAndGet(missing.size());
            return missing.stream().collect(Collectors.toMap(key -> key, key -> "v" + key.substring(1)));
        });
        ground.within(ENDS, start, PROMISE, "to look up " + CALLS);
        ground.require(found.equals(values), PROMISE, "a bulk look-up has other values than were put");
        ground.require(loads.get() == 0, PROMISE, loads + " of " + CALLS + " that were put were loaded");
        after(ground, cache, "getAll");
    }

    /** Each may be refused because the window is full, and none may fail for another reason. */
    private static void single(
            DrillGround ground, Cache<String> cache, String what, IntFunction<CompletableFuture<?>> call)
            throws InterruptedException {
        List<CompletableFuture<?>> all = new ArrayList<>(CALLS);
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            all.add(call.apply(i));
        }
        for (CompletableFuture<?> each : all) {
            long left = start + ENDS.toNanos() * 2 - System.nanoTime();
            try {
                each.get(Math.max(1, left), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                ground.require(
                        e.getCause() instanceof RedisUnavailableException, PROMISE, what + " failed: " + e.getCause());
            } catch (TimeoutException e) {
                ground.violations().add(PROMISE, "one of " + CALLS + " " + what + " had no end");
                return;
            }
        }
        ground.within(ENDS, start, PROMISE, CALLS + " " + what);
        after(ground, cache, what);
    }

    private static void after(DrillGround ground, Cache<String> cache, String what) {
        CacheStats stats = cache.stats();
        ground.require(
                stats.redisFailures() == 0 && stats.pendingInvalidations() == 0,
                PROMISE,
                "after " + CALLS + " " + what + ": " + stats.redisFailures() + " failures of Redis, "
                        + stats.pendingInvalidations() + " invalidations to be sent");
        int there = 0;
        for (int i = 0; i < BYSTANDERS; i++) {
            there += cache.getIfPresent("by" + i).isPresent() ? 1 : 0;
        }
        ground.require(
                there == BYSTANDERS,
                PROMISE,
                "after " + CALLS + " " + what + " " + (BYSTANDERS - there) + " others are gone");
    }
}
