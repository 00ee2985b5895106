package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Callers are interrupted: they fail and keep their flag, and no other caller is affected. */
final class Interrupts implements Drill {

    static final String PROMISE = "an interrupt concerns its own thread only";

    private static final int ATTEMPTS = 20;
    private static final int MILLIS = 250;
    private static final int COLD_KEYS = 20;
    private static final Duration OTHERS = Duration.ofSeconds(1);

    private enum Way {
        PLAIN,
        NEAR,
        LOAD_TIMEOUT,
        BULK
    }

    @Override
    public void run(DrillGround ground) throws Exception {
        try (RedisManager mine = ground.manager();
                RedisManager theirs = ground.manager()) {
            for (Way way : Way.values()) {
                Cache<String> cache = cache(ground, mine, way);
                cache.put("there", "there");
                AtomicInteger loads = new AtomicInteger();
                beforehand(ground, cache, way, loads);
                meanwhile(ground, cache, way, loads);
                ground.require(
                        loads.get() == 0 && cache.stats().redisFailures() == 0,
                        PROMISE,
                        way + ": " + loads + " loads of a value that is in Redis, and "
                                + cache.stats().redisFailures() + " failures of Redis");
            }
            whileLoading(ground, mine, theirs);
        }
    }

    private static Cache<String> cache(DrillGround ground, RedisManager redis, Way way) {
        CacheBuilder<String> builder =
                Cache.builder(redis, ground.fresh("interrupted"), String.class).ttl(Duration.ofMinutes(1));
        return switch (way) {
            case NEAR -> builder.nearCache(10).build();
            case LOAD_TIMEOUT -> builder.loadTimeout(Duration.ofSeconds(2)).build();
            default -> builder.build();
        };
    }

    /** Threads whose flag is set before their call. */
    private static void beforehand(DrillGround ground, Cache<String> cache, Way way, AtomicInteger loads)
            throws InterruptedException {
        Workers workers = new Workers(ground.violations());
        workers.start(PROMISE, () -> {
            for (int i = 0; i < ATTEMPTS; i++) {
                Thread.currentThread().interrupt();
                ask(ground, cache, way, loads);
                ground.require(Thread.interrupted(), PROMISE, way + ": the flag was lost");
            }
            return true;
        });
        workers.await(Duration.ofSeconds(10));
    }

    /** A thread that is interrupted at any moment. */
    private static void meanwhile(DrillGround ground, Cache<String> cache, Way way, AtomicInteger loads)
            throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        Workers workers = new Workers(ground.violations());
        Thread caller = workers.start(PROMISE, () -> {
            while (!stop.get()) {
                ask(ground, cache, way, loads);
                Thread.interrupted();
            }
            return true;
        });
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
        while (System.nanoTime() < end) {
            caller.interrupt();
            TimeUnit.MICROSECONDS.sleep(100 + ground.random().nextInt(2_000));
        }
        stop.set(true);
        workers.await(Duration.ofSeconds(5));
    }

    private static void ask(DrillGround ground, Cache<String> cache, Way way, AtomicInteger loads) {
        String found;
        try {
            found = way == Way.BULK
                    ? String.valueOf(cache.getAll(List.of("there"), keys -> {
                                loads.incrementAndGet();
                                return Map.of("there", "LOADED");
                            })
                            .get("there"))
                    : cache.get("there", key -> {
                                loads.incrementAndGet();
                                return Optional.of("LOADED");
                            })
                            .orElse("nothing");
        } catch (RuntimeException e) {
            return;
        }
        ground.require(found.equals("there"), PROMISE, way + ": the answer was " + found);
    }

    /** Lease holders are interrupted before and during their loads: others do not wait for leases without a load. */
    private static void whileLoading(DrillGround ground, RedisManager mine, RedisManager theirs)
            throws InterruptedException {
        String name = ground.fresh("interrupted");
        Cache<String> one = Cache.builder(mine, name, String.class).build();
        Cache<String> other = Cache.builder(theirs, name, String.class).build();
        Set<String> keys = IntStream.range(0, COLD_KEYS).mapToObj(i -> "k" + i).collect(Collectors.toSet());
        for (int micros = 0; micros < 12_000; micros += 1_000) {
            one.invalidate(keys.toArray(String[]::new));
            Workers workers = new Workers(ground.violations());
            Thread caller = workers.start(PROMISE, () -> {
                try {
                    one.getAll(keys, Interrupts::slowly);
                } catch (RuntimeException e) {
                    // Interrupted, in one way or another.
                }
                return true;
            });
            TimeUnit.MICROSECONDS.sleep(micros);
            caller.interrupt();
            workers.await(Duration.ofSeconds(10));
            long start = System.nanoTime();
            other.getAll(keys, missing -> missing.stream().collect(Collectors.toMap(key -> key, key -> key)));
            ground.within(OTHERS, start, PROMISE, "another's look-up of the same keys, after " + micros + " µs,");
        }
    }

    private static Map<String, String> slowly(Set<String> missing) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(5);
        return missing.stream().collect(Collectors.toMap(key -> key, key -> key));
    }
}
