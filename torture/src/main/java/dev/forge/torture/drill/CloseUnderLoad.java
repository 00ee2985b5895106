package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.test.FaultProxy;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Managers are closed during calls and loads, and with a pending invalidation; others are created at once. */
final class CloseUnderLoad implements Drill {

    static final String PROMISE = "close ends all, and a loaded value reaches its caller";
    static final String PINNED = "a closed manager is forgotten";

    private static final int CALLERS = 6;
    private static final int LOAD_MILLIS = 700;
    private static final Duration CLOSES = Duration.ofSeconds(4);
    private static final Duration CALL = Duration.ofSeconds(5);
    private static final int MOST_COLLECTIONS = 40;

    @Override
    public void run(DrillGround ground) throws Exception {
        underLoad(ground);
        WeakReference<RedisManager> closed = withSomethingUnsent(ground);
        for (int i = 0; closed.get() != null && i < MOST_COLLECTIONS; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        ground.require(
                closed.get() == null, PINNED, "a closed manager with a pending invalidation is still referenced");
    }

    private static void underLoad(DrillGround ground) throws Exception {
        RedisManager redis = ground.manager();
        Cache<String> cache = Cache.builder(redis, ground.fresh("closed"), String.class)
                .staleFor(Duration.ofMinutes(1))
                .build();
        cache.put("there", "there");
        CountDownLatch loading = new CountDownLatch(2);
        Workers workers = new Workers(ground.violations());
        workers.start(PROMISE, () -> {
            String found = cache.get("slow", key -> slowly(loading)).orElse("nothing");
            ground.require(found.equals("loaded"), PROMISE, "a caller got " + found + " for what its loader returned");
            return found;
        });
        CompletableFuture<Optional<String>> async = cache.getAsync("async", key -> slowly(loading));
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < CALLERS; i++) {
            boolean plain = i % 2 == 0;
            workers.start(PROMISE, () -> callUntilClosed(ground, redis, cache, plain, over));
        }
        loading.await(5, TimeUnit.SECONDS);
        long start = System.nanoTime();
        redis.close();
        ground.within(CLOSES, start, PROMISE, "to close");
        over.countDown();
        try {
            String found = async.get(CALL.toMillis(), TimeUnit.MILLISECONDS).orElse("nothing");
            ground.require(found.equals("loaded"), PROMISE, "an async caller got " + found);
        } catch (ExecutionException e) {
            ground.violations().add(PROMISE, "an async caller got no loaded value: " + e.getCause());
        } catch (TimeoutException e) {
            ground.violations().add(PROMISE, "an async look-up had no end");
        }
        workers.await(CALL);
    }

    private static boolean callUntilClosed(
            DrillGround ground, RedisManager redis, Cache<String> cache, boolean plain, CountDownLatch over) {
        while (over.getCount() > 0) {
            long start = System.nanoTime();
            try {
                if (plain) {
                    redis.getSync("closed");
                } else {
                    cache.get("there", key -> Optional.of("there"));
                }
            } catch (RedisFailure | IllegalStateException e) {
                // It was closed, as both exceptions say.
                return true;
            } finally {
                ground.within(CALL, start, PROMISE, "a call");
            }
        }
        return true;
    }

    /** Not a local variable of the caller, which would hold the manager itself. */
    private static WeakReference<RedisManager> withSomethingUnsent(DrillGround ground) throws Exception {
        try (FaultProxy proxy = FaultProxy.to(ground.port());
                RedisManager redis = ground.manager(proxy)) {
            Cache<String> cache =
                    Cache.builder(redis, ground.fresh("unsent"), String.class).build();
            cache.put("k", "v");
            proxy.blackHole();
            try {
                cache.invalidate("k");
                ground.violations().add("the harness works", "an invalidation went through a black hole");
            } catch (RedisFailure e) {
                // It is pending now, and would be sent again.
            }
            return new WeakReference<>(redis);
        }
    }

    private static Optional<String> slowly(CountDownLatch loading) throws InterruptedException {
        loading.countDown();
        TimeUnit.MILLISECONDS.sleep(LOAD_MILLIS);
        return Optional.of("loaded");
    }
}
