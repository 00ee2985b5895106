package dev.forge.redis.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RateLimiterTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Longer than any pause of a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long DENIED = -100;

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        // The first connection of a JVM is slow on a busy machine.
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(redis::initializeSync);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @ParameterizedTest
    @CsvSource({"SLIDING_WINDOW, 60", "TOKEN_BUCKET, 20", "FIXED_WINDOW, 60"})
    void allowsTheLimitAndThenDenies(Algorithm algorithm, int seconds) {
        RateLimiter limiter = limiter(algorithm, Limit.of(3, MINUTE));

        assertThat(limiter.tryAcquire("ada")).isInstanceOfSatisfying(Allowed.class, allowed -> {
            assertThat(allowed.remaining()).isEqualTo(2);
            assertThat(allowed.resetAfter()).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(allowed.basis()).isEqualTo(Basis.COUNT);
        });
        assertThat(limiter.tryAcquire("ada"))
                .isInstanceOfSatisfying(
                        Allowed.class,
                        allowed -> assertThat(allowed.nextAfter()).isZero());
        Duration most = Duration.ofSeconds(seconds).plusMillis(1);
        assertThat(limiter.tryAcquire("ada"))
                .isInstanceOfSatisfying(
                        Allowed.class,
                        allowed -> assertThat(allowed.nextAfter()).isBetween(Duration.ofSeconds(1), most));

        assertThat(limiter.tryAcquire("ada")).isInstanceOfSatisfying(Denied.class, denied -> {
            assertThat(denied.retryAfter()).isBetween(Duration.ofSeconds(1), most);
            assertThat(denied.resetAfter()).isBetween(denied.retryAfter(), MINUTE.plusMillis(1));
        });
        assertThat(limiter.withDenialCache(false).tryAcquire("ada"))
                .isInstanceOfSatisfying(
                        Denied.class, denied -> assertThat(denied.basis()).isEqualTo(Basis.COUNT));
    }

    @Test
    void countsEachSubjectSeparately() {
        RateLimiter limiter = limiter(Algorithm.SLIDING_WINDOW, Limit.of(1, MINUTE));
        limiter.tryAcquire("ada");

        assertThat(limiter.tryAcquire("bob").isAllowed()).isTrue();
        assertThat(limiter.tryAcquire("ada").isAllowed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void allowsAgainExactlyAtRetryAfter(Algorithm algorithm) {
        RateLimiter limiter = limiter(algorithm, Limit.of(2, Duration.ofMillis(300)));
        Decision decision = limiter.tryAcquire("ada");
        while (decision.isAllowed()) {
            decision = limiter.tryAcquire("ada");
        }

        long until = System.nanoTime() + ((Denied) decision).retryAfter().toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }

        assertThat(limiter.tryAcquire("ada").isAllowed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"5, false", "5, true", "300, false"})
    void neverAllowsMoreThanTheLimitInAnyWindow(int permits, boolean remembered) {
        RateLimiter limiter = limiter(Algorithm.SLIDING_WINDOW, Limit.of(permits, Duration.ofMillis(100)))
                .withDenialCache(remembered);
        List<Long> asked = new ArrayList<>();
        List<Long> answered = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofMillis(400).toNanos();
        while (System.nanoTime() < end || asked.size() <= permits) {
            long before = System.nanoTime();
            if (limiter.tryAcquire("ada").isAllowed()) {
                asked.add(before);
                answered.add(System.nanoTime());
            }
        }

        for (int i = permits; i < asked.size(); i++) {
            // Each decision was made between its request and its reply.
            assertThat(answered.get(i) - asked.get(i - permits))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(100).toNanos());
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesTheWholeCostOrNothing(Algorithm algorithm) {
        RateLimiter limiter = limiter(algorithm, Limit.of(10, MINUTE));

        assertThat(limiter.tryAcquire("ada", 7))
                .isInstanceOfSatisfying(
                        Allowed.class,
                        allowed -> assertThat(allowed.remaining()).isEqualTo(3));
        assertThat(limiter.tryAcquire("ada", 4).isAllowed()).isFalse();
        assertThat(limiter.tryAcquire("ada", 3).isAllowed()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.tryAcquire("ada", 11));
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.tryAcquire("ada", 0));
    }

    @ParameterizedTest
    @EnumSource
    void takesPermitsOfAllLimitsOrOfNone(Algorithm algorithm) {
        Limit hourly = Limit.of(3, Duration.ofHours(1));
        RateLimiter limiter = limiter(algorithm, Limit.of(10, MINUTE), hourly);
        limiter.tryAcquire("ada", 2);

        assertThat(limiter.tryAcquire("ada", 2)).isInstanceOfSatisfying(Denied.class, denied -> {
            assertThat(denied.retryAfter()).isGreaterThan(MINUTE);
            assertThat(denied.limit()).isEqualTo(hourly);
        });
        RateLimiter minute = limiter(algorithm, Limit.of(10, MINUTE));
        assertThat(minute.peek("ada"))
                .isInstanceOfSatisfying(
                        Allowed.class,
                        allowed -> assertThat(allowed.remaining()).isEqualTo(8));
        assertThat(limiter.tryAcquire("ada").limit()).isEqualTo(hourly);
    }

    @ParameterizedTest
    @EnumSource
    void peeksWithoutTaking(Algorithm algorithm) {
        RateLimiter limiter = limiter(algorithm, Limit.of(1, MINUTE));

        assertThat(limiter.peek("ada"))
                .isEqualTo(new Allowed(1, Duration.ZERO, Duration.ZERO, Basis.COUNT, Limit.of(1, MINUTE)));
        assertThat(keys()).isEmpty();
        limiter.tryAcquire("ada");

        assertThat(limiter.peek("ada")).isInstanceOf(Denied.class);
    }

    @ParameterizedTest
    @EnumSource
    void freesAllPermitsOnReset(Algorithm algorithm) {
        RateLimiter limiter = limiter(algorithm, Limit.of(1, MINUTE), Limit.of(2, Duration.ofHours(1)));
        limiter.tryAcquire("ada");
        assertThat(limiter.tryAcquire("ada").isAllowed()).isFalse();

        limiter.reset("ada");

        assertThat(keys()).isEmpty();
        assertThat(limiter.tryAcquire("ada").isAllowed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void writesNothingForADeniedRequest(Algorithm algorithm) {
        RateLimiter limiter = limiter(algorithm, Limit.of(1, MINUTE)).withDenialCache(false);
        limiter.tryAcquire("ada");
        byte[] before = redis.getSyncClient().dump(keys().get(0));
        long changes = changes();

        assertThat(limiter.tryAcquire("ada").basis()).isEqualTo(Basis.COUNT);

        assertThat(redis.getSyncClient().dump(keys().get(0))).isEqualTo(before);
        assertThat(changes()).isEqualTo(changes);
    }

    @ParameterizedTest
    @EnumSource
    void keepsKeysThatHideTheSubjectAndExpire(Algorithm algorithm) {
        limiter(algorithm, Limit.of(3, Duration.ofSeconds(30))).tryAcquire("ada@example.com");

        assertThat(keys())
                .singleElement()
                .asString()
                .startsWith("ratelimit:test::{")
                .doesNotContain("ada", "example");
        assertThat(redis.getSyncClient().pttl(keys().get(0))).isBetween(1L, 30_000L);
    }

    @ParameterizedTest
    @CsvSource({"TOKEN_BUCKET, 16", "FIXED_WINDOW, 7", "SLIDING_WINDOW, 4640"})
    void keepsFewBytesForALimitOfAMillion(Algorithm algorithm, long bytes) {
        RateLimiter limiter = limiter(algorithm, Limit.of(1_000_000, Duration.ofSeconds(1)));
        limiter.tryAcquire("ada", 500_000);
        String key = keys().get(0);
        long longest = 0;
        long millis = algorithm == Algorithm.SLIDING_WINDOW ? 1_300 : 100;
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        while (System.nanoTime() < end) {
            assertThat(limiter.tryAcquire("ada").isAllowed()).isTrue();
            longest = Math.max(longest, redis.getSyncClient().strlen(key));
        }

        assertThat(longest).isBetween(1L, bytes);
    }

    @ParameterizedTest
    @EnumSource
    void recoversFromForeignValues(Algorithm algorithm) {
        RateLimiter limiter = limiter(algorithm, Limit.of(2, MINUTE)).withDenialCache(false);
        limiter.tryAcquire("ada");
        String key = keys().get(0);

        for (String junk : List.of(
                "", "junk", "0123456789abcdef", "\0".repeat(16), "-1", "nan", "8e15", "12 x", "x".repeat(4096))) {
            redis.setSync(key, junk);

            assertThat(limiter.tryAcquire("ada"))
                    .as(junk)
                    .isInstanceOfSatisfying(
                            Allowed.class,
                            allowed -> assertThat(allowed.remaining()).isEqualTo(1));
            assertThat(redis.getSyncClient().pttl(key)).isBetween(1L, MINUTE.toMillis());
        }
        redis.deleteSync(key);
        redis.getSyncClient().lpush(key, "1");
        assertThat(limiter.tryAcquire("ada").isAllowed()).isTrue();
        assertThat(redis.getSyncClient().pttl(key)).isBetween(1L, MINUTE.toMillis());
    }

    @ParameterizedTest
    @EnumSource
    void deniesForAtMostAPeriodAfterAStateFromTheFuture(Algorithm algorithm) {
        RateLimiter limiter = limiter(algorithm, Limit.of(2, MINUTE)).withDenialCache(false);
        limiter.tryAcquire("ada");
        String key = keys().get(0);
        String state = switch (algorithm) {
            case SLIDING_WINDOW -> "struct.pack('>dddd', 0, 0, 8e15, 2)";
            case TOKEN_BUCKET -> "struct.pack('>dd', 8e15, 2)";
            case FIXED_WINDOW -> "2, 'PX', 8e15";
        };
        redis.getSyncClient()
                .eval("return redis.call('SET', KEYS[1], " + state + ")", io.lettuce.core.ScriptOutputType.STATUS, key);

        assertThat(limiter.tryAcquire("ada"))
                .isInstanceOfSatisfying(
                        Denied.class,
                        denied -> assertThat(denied.retryAfter()).isLessThanOrEqualTo(MINUTE.plusMillis(1)));
        assertThat(redis.getSyncClient().pttl(key)).isBetween(1L, MINUTE.toMillis());
    }

    @Test
    void repeatsADenialFromMemoryUntilRetryAfter() {
        RateLimiter limiter = limiter(Algorithm.TOKEN_BUCKET, Limit.of(1, MINUTE));
        limiter.tryAcquire("ada");
        long calls = calls();

        for (int i = 0; i < 100; i++) {
            assertThat(limiter.tryAcquire("ada")).isInstanceOfSatisfying(Denied.class, denied -> {
                assertThat(denied.basis()).isEqualTo(Basis.REMEMBERED);
                assertThat(denied.retryAfter()).isBetween(Duration.ofMillis(1), MINUTE);
            });
        }
        assertThat(calls()).isEqualTo(calls);
        limiter.withDenialCache(false).tryAcquire("ada");
        assertThat(calls()).isEqualTo(calls + 1);
    }

    @Test
    void sharesTheNextCallAmongConcurrentRequests() {
        RateLimiter limiter = limiter(Algorithm.SLIDING_WINDOW, Limit.of(7, MINUTE));
        limiter.peek("warm");
        long calls = calls();
        SERVER.server().freeze();
        List<CompletableFuture<Decision>> asked = IntStream.range(0, 10)
                .mapToObj(i -> limiter.tryAcquireAsync("ada"))
                .toList();
        CompletableFuture<Decision> dear = limiter.tryAcquireAsync("ada", 2);
        SERVER.server().thaw();
        await().atMost(PATIENCE).until(() -> asked.stream().allMatch(CompletableFuture::isDone) && dear.isDone());

        // The first request and the one with the higher cost may have been sent together.
        assertThat(calls()).isBetween(calls + 2, calls + 3);
        assertThat(dear.join().isAllowed()).isTrue();
        assertThat(asked.stream().map(CompletableFuture::join).map(RateLimiterTest::remaining))
                .containsExactly(6L, 3L, 2L, 1L, 0L, DENIED, DENIED, DENIED, DENIED, DENIED);
    }

    @Test
    void decidesEightSubjectsInOneCallUnderLoad() {
        RateLimiter limiter = limiter(Algorithm.TOKEN_BUCKET, Limit.of(2, MINUTE), Limit.of(3, Duration.ofHours(1)));
        limiter.peek("warm");
        long calls = calls();
        List<CompletableFuture<Decision>> asked = new ArrayList<>();

        Promises.whileNothingLeaves(
                redis,
                () -> IntStream.range(0, 100)
                        .forEach(i -> asked.add(limiter.tryAcquireAsync("subject " + i, 1 + i % 2))));

        assertThat(asked.stream().map(CompletableFuture::join).map(RateLimiterTest::remaining))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> 1L - i % 2).toList());
        // And one for the script that held up the others.
        assertThat(calls()).isEqualTo(calls + 1 + 13);
        assertThat(limiter.tryAcquire("subject 0", 2).isAllowed()).isFalse();
    }

    @Test
    void givesEachRequestItsOwnTime() {
        RateLimiter limiter = limiter(Algorithm.TOKEN_BUCKET, Limit.of(100, MINUTE));
        RateLimiter hasty = limiter.withTimeout(Duration.ofMillis(50));
        limiter.peek("warm");
        List<CompletableFuture<Decision>> asked = new ArrayList<>();

        Promises.whileNothingLeaves(redis, () -> {
            asked.add(hasty.tryAcquireAsync("ada"));
            asked.add(limiter.tryAcquireAsync("bob"));
            assertThat(asked.get(0)).succeedsWithin(PATIENCE).returns(Basis.OUTAGE, Decision::basis);
        });

        assertThat(asked.get(1).join().basis()).isEqualTo(Basis.COUNT);
    }

    private RateLimiter limiter(Algorithm algorithm, Limit... limits) {
        return RateLimiter.of(redis, "test", algorithm, List.of(limits)).withTimeout(PATIENCE);
    }

    private List<String> keys() {
        return redis.getSyncClient().keys("*");
    }

    /** Returns how many script calls the server has received. */
    private static long calls() {
        return SERVER.server()
                .command("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_evalsha:") || line.startsWith("cmdstat_eval:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                .sum();
    }

    /** Returns how many writes the server has seen. */
    private static long changes() {
        return SERVER.server()
                .command("INFO", "persistence")
                .lines()
                .filter(line -> line.startsWith("rdb_changes_since_last_save:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .sum();
    }

    private static long remaining(Decision decision) {
        return decision instanceof Allowed allowed ? allowed.remaining() : DENIED;
    }
}
