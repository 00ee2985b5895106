package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Runs every asynchronous feature while the application blocks the whole common pool, and prints what worked. */
final class BusyCommonPool {

    private final EmbeddedRedis server =
            EmbeddedRedis.builder().password("secret").start();
    private final FaultProxy proxy = FaultProxy.to(server.port());
    private final AtomicInteger asked = new AtomicInteger();
    private final RedisManager redis = manager();
    private final RedisManager other = manager();

    private BusyCommonPool() {}

    private RedisManager manager() {
        return RedisManager.create(RedisSettings.builder("redis://127.0.0.1:" + proxy.port())
                .login(RedisLogin.ofProvider(null, () -> {
                    asked.incrementAndGet();
                    return "secret";
                }))
                .build());
    }

    /**
     * Runs all checks.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism() * 4; i++) {
            var unused = ForkJoinPool.commonPool().submit(() -> Promises.await(release));
        }
        new BusyCommonPool().run();
        System.out.println("busy: "
                + (ForkJoinPool.getCommonPoolParallelism() == 3
                        && ForkJoinPool.commonPool().getQueuedSubmissionCount() > 0));
        Runtime.getRuntime().halt(0);
    }

    private void run() {
        redis.initializeSync();
        other.initializeSync();
        leasesAndWaiting();
        refresh();
        bounds();
        say("pattern", () -> redis.deletePatternSync("some*") == 0);
        say("health", () -> redis.healthSync() instanceof Health.Up);
        invalidation();
        say(
                "no timer of the JVM",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("CompletableFutureDelayScheduler")));
    }

    private void leasesAndWaiting() {
        AtomicInteger loads = new AtomicInteger();
        Cache<String> here = Cache.builder(redis, "slow", String.class).build();
        Cache<String> there = Cache.builder(other, "slow", String.class).build();
        Loader<String> slow = key -> {
            loads.incrementAndGet();
            Promises.pause(Leases.TTL.multipliedBy(2));
            return Optional.of("value");
        };
        CompletableFuture<Optional<String>> loaded = here.getAsync("k", slow);
        Awaitility.await().until(() -> loads.get() == 1);
        Promises.pause(Leases.TTL.plusMillis(500));
        Optional<String> waited = there.get("k", slow);
        say(
                "lease and waiting",
                () -> loads.get() == 1
                        && waited.equals(loaded.join())
                        && there.getIfPresent("k").isPresent());
    }

    private void refresh() {
        AtomicInteger loads = new AtomicInteger();
        Cache<String> cache = Cache.builder(redis, "stale", String.class)
                .ttl(Duration.ofMillis(1))
                .staleFor(Duration.ofMinutes(1))
                .build();
        Loader<String> failing = key -> {
            loads.incrementAndGet();
            throw new IllegalStateException("not really");
        };
        cache.put("k", "old");
        Promises.pause(Duration.ofMillis(10));
        say("refresh", () -> cache.get("k", failing).isPresent() && until(() -> loads.get() == 1));
        say("refresh after a failure", () -> until(() -> cache.get("k", failing).isPresent() && loads.get() == 2));
    }

    private void bounds() {
        Cache<String> cache = Cache.builder(redis, "bounded", String.class)
                .loadTimeout(Duration.ofMillis(100))
                .build();
        long start = System.nanoTime();
        boolean failed = false;
        try {
            cache.get("k", key -> {
                Promises.pause(Duration.ofSeconds(5));
                return Optional.empty();
            });
        } catch (CacheLoadException e) {
            failed = true;
        }
        boolean inTime = failed && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(3);
        say("load timeout", () -> inTime);
    }

    private void invalidation() {
        Cache<String> cache = Cache.builder(redis, "pending", String.class).build();
        cache.putAll(Map.of("a", "1"));
        server.kill();
        try {
            cache.invalidate("a");
        } catch (RedisFailure e) {
            // The invalidation is remembered.
        }
        int before = asked.get();
        boolean remembered = cache.stats().pendingInvalidations() == 1;
        server.restart();
        say("reconnect with a provider", () -> until(this::answers) && asked.get() > before);
        say(
                "pending invalidation",
                () -> remembered && until(() -> cache.stats().pendingInvalidations() == 0));
    }

    private boolean answers() {
        try {
            return requireNonNull(redis.getSync("key")).isEmpty();
        } catch (RedisFailure e) {
            return false;
        }
    }

    private static boolean until(BooleanSupplier condition) {
        Awaitility.await().atMost(Promises.PATIENCE).until(condition::getAsBoolean);
        return true;
    }

    private static void say(String what, BooleanSupplier condition) {
        boolean good;
        try {
            good = condition.getAsBoolean();
        } catch (RuntimeException e) {
            System.out.println(e);
            good = false;
        }
        System.out.println(what + ": " + good);
    }

    static final List<String> ALL = List.of(
            "lease and waiting",
            "refresh",
            "refresh after a failure",
            "load timeout",
            "pattern",
            "health",
            "reconnect with a provider",
            "pending invalidation",
            "no timer of the JVM",
            "busy");
}
