package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Loaders that look up each other's keys, or their own: they end, and so do later callers. */
final class LoadersInACircle implements Drill {

    static final String PROMISE = "loaders that wait for one another end";

    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration ENDS = LEASE.multipliedBy(3).plusSeconds(1);

    @Override
    public void run(DrillGround ground) throws Exception {
        try (RedisManager redis = ground.manager()) {
            Cache<String> cache = Cache.builder(redis, ground.fresh("circle"), String.class)
                    .leaseTime(LEASE)
                    .build();
            Workers workers = new Workers(ground.violations());
            CyclicBarrier both = new CyclicBarrier(2);
            begin(workers, () -> person(cache, "ada", "bob", both));
            begin(workers, () -> person(cache, "bob", "ada", both));
            begin(
                    workers,
                    () -> cache.getAsync(
                                    "x",
                                    x -> cache.getAsync("y", y -> cache.get("x", LoadersInACircle::itself))
                                            .get())
                            .get());
            begin(
                    workers,
                    () -> cache.getAll(
                            List.of("own"), keys -> cache.getAll(List.of("own"), again -> Map.of("own", "inner"))));
            TimeUnit.MILLISECONDS.sleep(300);
            begin(workers, () -> cache.get("x", LoadersInACircle::itself));
            begin(workers, () -> cache.get("own", LoadersInACircle::itself));
            begin(workers, () -> cache.get("ada", LoadersInACircle::itself));
            workers.await(ENDS);
        }
    }

    /** Each ends, with a value or with a failure. */
    private static void begin(Workers workers, Callable<?> work) {
        workers.start(PROMISE, () -> {
            try {
                return work.call();
            } catch (StackOverflowError e) {
                throw new IllegalStateException("a stack overflow", e);
            } catch (Exception e) {
                return e;
            }
        });
    }

    private static Optional<String> person(Cache<String> cache, String key, String partner, CyclicBarrier both) {
        return cache.get(key, name -> {
            try {
                both.await(1, TimeUnit.SECONDS);
            } catch (TimeoutException | BrokenBarrierException alone) {
                // The other loader was slower.
            }
            return Optional.of(
                    name + cache.get(partner, LoadersInACircle::itself).orElse(""));
        });
    }

    private static Optional<String> itself(String key) {
        return Optional.of(key);
    }
}
