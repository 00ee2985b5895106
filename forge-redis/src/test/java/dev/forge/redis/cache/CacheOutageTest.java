package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A cache without Redis runs its loaders. Prints how much time a look-up then takes; this is checked only with {@code
 * -Dforge.promises=long}, because it needs an idle machine.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class CacheOutageTest {

    private static final Duration ADDED = Duration.ofMillis(5);
    private static final Duration PERIOD = Duration.ofMillis(1);
    private static final int CALLERS = 4;

    @Test
    void loadsWithoutRedisAndStoresAgainWhenItIsBack() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            Cache<String> cache = Cache.builder(redis, "texts", String.class).build();
            assertThat(cache.get("a", key -> Optional.of("1"))).contains("1");
            server.kill();

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> cache.get("a", key -> Optional.of("2")).equals(Optional.of("2")));
            assertThat(cache.getAsync("a", key -> Optional.of("3")).join()).contains("3");
            assertThat(cache.getAll(List.of("a", "b"), keys -> Map.of("b", "4")))
                    .isEqualTo(Map.of("b", "4"));
            assertThat(cache.getIfPresent("a")).isEmpty();
            assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.invalidate("a"));
            assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.put("a", "5"));
            assertThat(cache.stats().redisFailures()).isGreaterThanOrEqualTo(3);
            server.restart();

            await().atMost(Duration.ofSeconds(10)).until(() -> {
                cache.get("a", key -> Optional.of("6"));
                return cache.getIfPresent("a").isPresent();
            });
        }
    }

    @Test
    void addsLittleToALoadWhileTheServerIsDead() throws InterruptedException {
        addsLittle("dead", EmbeddedRedis::kill, server -> {});
    }

    @Test
    void addsLittleToALoadWhileTheServerIsFrozen() throws InterruptedException {
        addsLittle("frozen", EmbeddedRedis::freeze, EmbeddedRedis::thaw);
    }

    private static void addsLittle(String outage, Consumer<EmbeddedRedis> fault, Consumer<EmbeddedRedis> mend)
            throws InterruptedException {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            Cache<String> cache = Cache.builder(redis, "texts", String.class).build();
            assertThat(cache.get("a", Optional::of)).contains("a");
            fault.accept(server);
            await().atMost(Promises.PATIENCE).until(() -> redis.getAsync("a").isCompletedExceptionally());

            List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger failures = new AtomicInteger();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                String caller = i + ":";
                callers.add(new Thread(() -> {
                    for (int j = 0; j < Promises.count(500, 20_000); j++) {
                        long start = System.nanoTime();
                        if (!cache.get(caller + j, Optional::of).equals(Optional.of(caller + j))) {
                            failures.incrementAndGet();
                        }
                        nanos.add(System.nanoTime() - start);
                        Promises.pause(PERIOD);
                    }
                }));
            }
            callers.forEach(Thread::start);
            for (Thread caller : callers) {
                caller.join();
            }
            mend.accept(server);

            Collections.sort(nanos);
            Duration almostAll = Duration.ofNanos(nanos.get(nanos.size() * 999 / 1_000));
            Duration longest = Duration.ofNanos(nanos.get(nanos.size() - 1));
            System.out.printf(
                    "%s: %d look-ups, 99.9 %% within %d us, longest %d us%n",
                    outage, nanos.size(), almostAll.toNanos() / 1_000, longest.toNanos() / 1_000);
            assertThat(nanos).hasSize(CALLERS * Promises.count(500, 20_000));
            assertThat(failures).hasValue(0);
            if (Promises.longForm()) {
                assertThat(almostAll).isLessThanOrEqualTo(ADDED);
            }
        }
    }
}
