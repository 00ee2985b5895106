package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.torture.check.LoadOnceCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Hundreds of slow loads, some of which fail: each runs once, and a failure reaches its own callers only. */
final class SlowLoaders implements Drill {

    static final String PROMISE = "slow and failing loads concern their own callers only";

    private static final int KEYS = 300;
    private static final int LOAD_MILLIS = 500;
    private static final Duration ENDS = Duration.ofSeconds(3);
    private static final Duration HIT = Duration.ofSeconds(1);

    @Override
    public void run(DrillGround ground) throws Exception {
        try (RedisManager mine = ground.manager();
                RedisManager theirs = ground.manager()) {
            String name = ground.fresh("slow");
            List<Cache<String>> caches = List.of(
                    Cache.builder(mine, name, String.class)
                            .ttl(Duration.ofMinutes(1))
                            .build(),
                    Cache.builder(theirs, name, String.class)
                            .ttl(Duration.ofMinutes(1))
                            .build());
            caches.get(0).put("there", "there");
            LoadOnceCheck loads = new LoadOnceCheck(ground.violations());
            long start = System.nanoTime();
            List<CompletableFuture<Optional<String>>> all = IntStream.range(0, KEYS * 2)
                    .mapToObj(i -> caches.get(i % 2).getAsync("k" + i / 2, key -> {
                        loads.loading(Set.of(key));
                        TimeUnit.MILLISECONDS.sleep(LOAD_MILLIS);
                        return Optional.of(key);
                    }))
                    .toList();
            boolean found = caches.get(0).getIfPresent("there").isPresent();
            ground.within(HIT, start, PROMISE, "a value that was there");
            ground.require(found, PROMISE, "a value that was there was not found");
            for (int i = 0; i < all.size(); i++) {
                ground.require(
                        all.get(i).get(20, TimeUnit.SECONDS).equals(Optional.of("k" + i / 2)),
                        PROMISE,
                        "a caller got another's value");
            }
            ground.within(ENDS, start, PROMISE, KEYS + " loads of " + LOAD_MILLIS + " ms");
            // Not checked if the machine was too slow to answer in time.
            boolean undisturbed =
                    caches.stream().allMatch(cache -> cache.stats().redisFailures() == 0);
            loads.finish("slow loads", undisturbed);
            fails(ground, caches);
        }
    }

    /** Of two bulks with a key in common one has a loader that fails. */
    private static void fails(DrillGround ground, List<Cache<String>> caches) {
        CompletableFuture<Map<String, String>> bad = caches.get(0).getAllAsync(List.of("a", "b", "c"), keys -> {
            TimeUnit.MILLISECONDS.sleep(50);
            throw new IllegalStateException("the source is down");
        });
        CompletableFuture<Map<String, String>> good = caches.get(1).getAllAsync(List.of("c", "d"), keys -> {
            Map<String, String> values = new HashMap<>();
            keys.forEach(key -> values.put(key, key));
            return values;
        });
        long start = System.nanoTime();
        try {
            ground.require(
                    good.join().equals(Map.of("c", "c", "d", "d")), PROMISE, "a bulk look-up lacks values of its own");
        } catch (CompletionException e) {
            ground.violations().add(PROMISE, "a bulk look-up failed for another's loader: " + e.getCause());
        }
        ground.within(HIT, start, PROMISE, "a bulk look-up beside one that fails");
        try {
            bad.join();
            ground.violations().add(PROMISE, "the failure of a loader was lost");
        } catch (CompletionException e) {
            ground.require(
                    e.getCause() instanceof IllegalStateException, PROMISE, "a failing loader gave " + e.getCause());
        }
    }
}
