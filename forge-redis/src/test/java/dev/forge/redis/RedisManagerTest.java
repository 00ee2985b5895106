package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.health.Health;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisManagerTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0", "null", "[]", "\0", "naïve", "日本語", "😀", "\r\n", "\u2028"})
    void returnsTextUnchanged(String value) {
        redis.setSync("key", value);

        assertThat(redis.getSync("key")).contains(value);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 1024 * 1024})
    void returnsBytesUnchanged(int size) {
        byte[] value = new byte[size];
        new Random(size).nextBytes(value);

        SyncCore.of(redis).setBytes("key", value, Duration.ofMinutes(1));

        assertThat(SyncCore.of(redis).getBytes("key").orElseThrow()).isEqualTo(value);
    }

    @Test
    void distinguishesAMissingValueFromAnEmptyOne() {
        redis.setSync("empty", "");

        assertThat(redis.getSync("empty")).contains("");
        assertThat(redis.getSync("missing")).isEmpty();
    }

    @Test
    void refusesTextThatHasNoFormInUtf8() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> redis.setSync("key", "secret\udc00"))
                .withMessage("value must be valid Unicode, but holds half of a surrogate pair");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSET b c", "😀", "*", " ", "\0", "{x}", "ключ"})
    void acceptsAnyUnicodeKey(String key) {
        redis.setSync(key, "value");

        assertThat(redis.getSync(key)).contains("value");
        assertThat(redis.getSync("b")).isEmpty();
        assertThat(redis.deleteSync(key)).isEqualTo(1);
    }

    @Test
    void keepsAValueForItsTtl() {
        redis.setSync("default", "v");
        redis.setSync("minute", "v", Duration.ofMinutes(1));
        redis.setSync("odd", "v", Duration.ofMillis(90_500));
        redis.setSync("ever", "v", RedisManager.NO_EXPIRY);

        var client = redis.getSyncClient();
        assertThat(client.pttl("default")).isBetween(3_590_000L, 3_600_000L);
        assertThat(client.pttl("minute")).isBetween(50_000L, 60_000L);
        assertThat(client.pttl("odd")).isBetween(80_500L, 90_500L);
        assertThat(client.pttl("ever")).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -1_000_000_000, 999_999, Long.MAX_VALUE})
    void refusesATtlOutsideTheLimits(long nanos) {
        Duration ttl = nanos == Long.MAX_VALUE ? Duration.ofDays(4000) : Duration.ofNanos(nanos);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> redis.setSync("key", "v", ttl))
                .withMessageStartingWith("ttl must be from 1 ms to 10 years")
                .withMessageEndingWith("but was " + ttl);
        assertThat(redis.getSync("key")).isEmpty();
    }

    @Test
    void deletesKeysAndReturnsHowMany() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            keys.add("key:" + i);
            redis.setSync("key:" + i, "v");
        }

        assertThat(redis.deleteSync()).isZero();
        assertThat(redis.deleteSync("key:0", "missing")).isEqualTo(1);
        assertThat(redis.deleteSync(keys)).isEqualTo(1_199);
    }

    @Test
    void deletesByPatternAndReturnsHowMany() {
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            writes.add(redis.setAsync("user:1:" + i, "v"));
            writes.add(redis.setAsync("user:10:" + i, "v"));
        }
        writes.forEach(CompletableFuture::join);

        assertThat(redis.deletePatternSync("user:1:*")).isEqualTo(3_000);
        assertThat(redis.deletePatternSync("user:1:*")).isZero();
        assertThat(redis.getSyncClient().dbsize()).isEqualTo(3_000);
    }

    @Test
    void fetchesManyAtOnceInTheirOrder() {
        redis.setSync("a", "1");
        redis.setSync("c", "3");

        List<Optional<byte[]>> values = SyncCore.of(redis).getAllBytes(List.of("c", "b", "a"));

        assertThat(values).hasSize(3);
        assertThat(values.get(0).orElseThrow()).asString().isEqualTo("3");
        assertThat(values.get(1)).isEmpty();
        assertThat(values.get(2).orElseThrow()).asString().isEqualTo("1");
        assertThat(SyncCore.of(redis).getAllBytes(List.of())).isEmpty();
    }

    @Test
    void putsThePrefixBeforeEveryKeyAndPattern() {
        RedisSettings settings =
                RedisSettings.builder(SERVER.url()).keyPrefix("app-1:").build();
        try (RedisManager prefixed = RedisManager.create(settings)) {
            prefixed.setSync("a", "1");
            redis.setSync("ab", "2");

            assertThat(redis.getSync("app-1:a")).contains("1");
            assertThat(prefixed.deletePatternSync("a*")).isEqualTo(1);
            assertThat(redis.getSync("ab")).contains("2");
        }
    }

    @Test
    void exposesTheClient() {
        Map<String, String> fields = Map.of("name", "John", "email", "john@example.com");

        redis.getAsyncClient()
                .thenCompose(client -> client.hset("user:1", fields))
                .join();

        assertThat(redis.getSyncClient().hgetall("user:1")).isEqualTo(fields);
    }

    @Test
    void refusesToBlockTheThreadThatReceivesAnswers() {
        redis.initializeSync();

        // Frozen, so that the callback is added before the reply arrives.
        SERVER.server().freeze();
        CompletableFuture<Optional<String>> future =
                redis.getAsync("a").thenApply(value -> redis.getSync("b").map(x -> x));
        SERVER.server().thaw();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(future::get)
                .withCauseInstanceOf(IllegalStateException.class)
                .withMessageContaining("getSync must not block forge-redis-");
    }

    @Test
    void reportsWhatRedisRefused() {
        redis.getSyncClient().lpush("list", "element");

        assertThatExceptionOfType(RedisRefusedException.class)
                .isThrownBy(() -> redis.getSync("list"))
                .withMessageStartingWith("GET list failed: Redis at 127.0.0.1:")
                .returns(RefusalReason.WRONGTYPE, RedisRefusedException::reason)
                .satisfies(failure -> assertThat(failure.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(RedisManagerTest.class.getName())));
    }

    @Test
    void keepsTheOrderOfOneThreadFromTheVeryFirstCommand() {
        for (int round = 0; round < 20; round++) {
            try (RedisManager fresh = RedisManager.create(RedisSettings.of(SERVER.url()))) {
                List<CompletableFuture<Void>> writes = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    writes.add(fresh.setAsync("order", Integer.toString(i)));
                }
                writes.forEach(CompletableFuture::join);

                assertThat(fresh.getSync("order")).contains("199");
            }
        }
    }

    @Test
    void givesEachCallerItsOwnAnswer() {
        Map<String, CompletableFuture<Optional<String>>> answers = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            redis.setAsync("key:" + i, "value:" + i);
            answers.put("value:" + i, redis.getAsync("key:" + i));
        }

        answers.forEach((expected, answer) -> assertThat(answer.join()).contains(expected));
    }

    @Test
    void refusesCallsOnceClosed() {
        redis.initializeSync();
        redis.close();
        redis.close();

        assertThatIllegalStateException().isThrownBy(() -> redis.getSync("a")).withMessage("RedisManager is closed");
        assertThatIllegalStateException().isThrownBy(() -> redis.initializeSync());
        assertThat(redis.healthSync()).isEqualTo(new Health.Down(Health.Reason.CLOSED, "RedisManager is closed"));
    }

    @Test
    void connectsOnceForManyFirstCallers() {
        List<CompletableFuture<Void>> first = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            first.add(redis.initializeAsync());
            first.add(redis.asyncTestConnection());
        }
        first.forEach(CompletableFuture::join);

        assertThat(redis.getSyncClient().clientList().lines()).hasSize(2); // Forge's own, and this direct one
    }

    @Test
    void testsTheConnection() {
        redis.syncTestConnection();

        assertThat(redis.healthSync()).isInstanceOf(Health.Up.class);
    }
}
