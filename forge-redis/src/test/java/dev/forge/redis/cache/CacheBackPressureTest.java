package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller that sends more commands at once than a connection accepts: not an outage, and no cache is cleared. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class CacheBackPressureTest {

    // More than the 16,384 commands that may be in flight.
    private static final int TOO_MANY = 17_000;

    private EmbeddedRedis server;
    private RedisManager redis;
    private Cache<String> cache;

    @BeforeEach
    void connect() {
        server = EmbeddedRedis.start();
        redis = RedisManager.create(RedisSettings.of(server.url()));
        cache = Cache.builder(redis, "texts", String.class).build();
        // So that the calls which fill the connection take less than the time after which a server counts as
        // unresponsive.
        for (int i = 0; i < TOO_MANY / 10; i++) {
            redis.getAsync("filler").join();
        }
        cache.put("1", "old");
        cache.put("2", "other");
    }

    @AfterEach
    void close() {
        redis.close();
        server.close();
    }

    /** Runs {@code task} while the connection accepts no more commands. */
    private void whileThereIsNoRoom(Runnable task) {
        Promises.whileNothingLeaves(redis, () -> {
            for (int i = 0; i < TOO_MANY; i++) {
                redis.getAsync("filler");
            }
            assertThat(redis.getAsync("filler").exceptionally(failure -> {
                        assertThat(BulkWindow.isBackPressure(failure)).isTrue();
                        return Optional.of("refused");
                    }))
                    .isCompletedWithValue(Optional.of("refused"));
            task.run();
        });
    }

    @Test
    void repeatsARefusedInvalidationButNoRefusedPut() {
        List<CompletableFuture<?>> refused = new ArrayList<>();

        whileThereIsNoRoom(() -> {
            refused.add(cache.invalidateAsync("1"));
            refused.add(cache.putAsync("2", "new"));
        });

        assertThat(refused).allMatch(CompletableFuture::isCompletedExceptionally);
        await().atMost(Promises.PATIENCE).until(() -> cache.stats().pendingInvalidations() == 0);
        assertThat(server.command("EXISTS", "texts::1")).isEqualTo("0");
        assertThat(cache.getIfPresent("2")).contains("other");
    }

    @Test
    void bulkOperationsWaitForRoom() {
        Map<String, String> values = new HashMap<>();
        IntStream.range(0, 2_000).forEach(i -> values.put("key " + i, "value"));
        List<CompletableFuture<?>> works = new ArrayList<>();

        whileThereIsNoRoom(() -> {
            works.add(cache.putAllAsync(values));
            works.add(cache.getAllAsync(List.of("1", "2"), missing -> Map.of()));
        });

        assertThat(works).allSatisfy(work -> assertThat(work).succeedsWithin(Promises.PATIENCE));
        assertThat(works.get(1).join()).isEqualTo(Map.of("1", "old", "2", "other"));
        assertThat(server.command("DBSIZE")).isEqualTo("2002");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bulkLookUpsThatReadEachKeyWaitForRoom(boolean near) {
        CacheBuilder<String> builder = Cache.builder(redis, "texts", String.class);
        Cache<String> each = (near ? builder.nearCache(10) : builder.staleFor(Duration.ofMinutes(1))).build();
        each.put("1", "old");
        List<CompletableFuture<Map<String, String>>> works = new ArrayList<>();

        whileThereIsNoRoom(() -> works.add(each.getAllAsync(List.of("1"), missing -> Map.of("1", "loaded"))));

        assertThat(works.get(0)).succeedsWithin(Promises.PATIENCE).isEqualTo(Map.of("1", "old"));
    }
}
