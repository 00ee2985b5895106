package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Values of megabytes, plain, cached, compressed and in memory, and small ones that do not wait for them. */
final class Megabytes implements Drill {

    static final String PROMISE = "large values arrive whole and delay no other call";

    private static final int AT_ONCE = 4;
    private static final int MEGABYTE = 1 << 20;
    private static final Duration SMALL = Duration.ofSeconds(1);
    private static final Duration TTL = Duration.ofSeconds(20);

    @Override
    public void run(DrillGround ground) throws Exception {
        try (RedisManager redis = DrillGround.manager(ground.settings().toBuilder()
                .socketTimeout(Duration.ofSeconds(3))
                .build())) {
            AtomicBoolean stop = new AtomicBoolean();
            Workers workers = new Workers(ground.violations());
            workers.start(PROMISE, () -> {
                while (!stop.get()) {
                    long start = System.nanoTime();
                    redis.setSync("megabytes:small", "small", TTL);
                    redis.getSync("megabytes:small");
                    ground.within(SMALL, start, PROMISE, "a small value");
                    TimeUnit.MILLISECONDS.sleep(2);
                }
                return true;
            });
            try {
                plain(ground, redis);
                cached(ground, redis);
                tooLarge(ground, redis);
            } finally {
                stop.set(true);
                workers.await(Duration.ofSeconds(5));
            }
        }
    }

    private static void plain(DrillGround ground, RedisManager redis) throws Exception {
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            String value = text(ground, MEGABYTE + ground.random().nextInt(2 * MEGABYTE));
            values.add(value);
            writes.add(redis.setAsync("megabytes:" + i, value, TTL));
        }
        for (CompletableFuture<Void> each : writes) {
            each.get(10, TimeUnit.SECONDS);
        }
        List<CompletableFuture<Optional<String>>> reads = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            reads.add(redis.getAsync("megabytes:" + i));
        }
        for (int i = 0; i < AT_ONCE; i++) {
            String found = reads.get(i).get(10, TimeUnit.SECONDS).orElse("");
            ground.require(found.equals(values.get(i)), PROMISE, "a plain value is not what was written");
        }
        for (int i = 0; i < AT_ONCE; i++) {
            redis.deleteSync("megabytes:" + i);
        }
    }

    private static String text(DrillGround ground, int length) {
        byte[] bytes = new byte[length];
        ground.random().nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void cached(DrillGround ground, RedisManager redis) {
        String name = ground.fresh("megabytes");
        List<Cache<String>> caches = List.of(
                Cache.builder(redis, name, String.class).ttl(TTL).build(),
                Cache.builder(redis, name + "c", String.class)
                        .ttl(TTL)
                        .compressAbove(1_000)
                        .build(),
                Cache.builder(redis, name + "n", String.class)
                        .ttl(TTL)
                        .compressAbove(1_000)
                        .nearCacheBytes(4 * MEGABYTE)
                        .build());
        for (Cache<String> cache : caches) {
            for (int i = 0; i < 2; i++) {
                String value = text(ground.random(), MEGABYTE + ground.random().nextInt(MEGABYTE));
                String key = "k" + i;
                for (int again = 0; again < 3; again++) {
                    String found = cache.get(key, any -> Optional.of(value)).orElse("");
                    ground.require(found.equals(value), PROMISE, "a cached value is not what was loaded");
                }
            }
            cache.clear();
        }
    }

    /** A value that is too large is returned and not stored; small ones still are. */
    private static void tooLarge(DrillGround ground, RedisManager redis) {
        Cache<String> cache = Cache.builder(redis, ground.fresh("megabytes"), String.class)
                .ttl(TTL)
                .largestValue(MEGABYTE)
                .build();
        String value = text(ground.random(), 2 * MEGABYTE);
        String found = cache.get("large", key -> Optional.of(value)).orElse("");
        ground.require(found.equals(value), PROMISE, "a value that is too large was not returned");
        ground.require(cache.getIfPresent("large").isEmpty(), PROMISE, "a value that is too large was stored");
        long start = System.nanoTime();
        cache.get("large", key -> Optional.of("small"));
        ground.within(SMALL, start, PROMISE, "a look-up after a value that is too large");
    }

    /** Letters with some repetition, so that they can be compressed a little. */
    private static String text(Random random, int length) {
        char[] letters = new char[length];
        for (int i = 0; i < length; i++) {
            letters[i] = (char) ('a' + random.nextInt(i % 4 == 0 ? 26 : 3));
        }
        return new String(letters);
    }
}
