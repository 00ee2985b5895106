package dev.forge.redis.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterArgumentsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

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

    @Test
    void refusesInvalidArguments() {
        assertThatIllegalArgumentException().isThrownBy(() -> Limit.of(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Limit.of(1, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limit.of(1, Duration.ofSeconds(-1)))
                .withMessage("period must be from 1 ms to 366 days, but was PT-1S");
        RateLimiter limiter = limiter(Algorithm.SLIDING_WINDOW, Limit.of(1, MINUTE));
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.tryAcquire(""));
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.tryAcquire("x".repeat(4097)));
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.withInstances(0));
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.withTimeout(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limiter(Algorithm.FIXED_WINDOW, Limit.of(1, MINUTE), Limit.of(2, MINUTE)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limiter(Algorithm.TOKEN_BUCKET, Limit.of(1_000_000, Duration.ofMillis(1))));
    }

    @Test
    void roundsAPeriodUpToWholeMicroseconds() {
        Limit limit = Limit.of(1, Duration.ofNanos(1_000_001));

        assertThat(limit.periodMicros()).isEqualTo(1_001);
        // One key would hold two counts.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limiter(Algorithm.FIXED_WINDOW, limit, Limit.of(2, Duration.ofNanos(1_001_000))))
                .withMessage("limits must have different periods in whole microseconds, but two have 1001 us");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user:\uD800", "user:\uDFFF", "\uDC00\uD800", "\uD83D\uDE00\uD83D"})
    void refusesASubjectThatIsNotUnicode(String subject) {
        RateLimiter limiter = limiter(Algorithm.TOKEN_BUCKET, Limit.of(1, MINUTE));

        for (ThrowingCallable operation : List.<ThrowingCallable>of(
                () -> limiter.tryAcquire(subject),
                () -> limiter.tryAcquireAsync(subject),
                () -> limiter.peek(subject),
                () -> limiter.reset(subject))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(operation)
                    .withMessage("subject must be valid Unicode, but holds half of a surrogate pair");
        }
        assertThat(keys()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void countsSimilarSubjectsSeparately(Algorithm algorithm) {
        RateLimiter limiter = limiter(algorithm, Limit.of(1, MINUTE));
        List<String> subjects = List.of(
                "user:?",
                "user:\uFFFD",
                "user:\uD83D\uDE00",
                "a\0b",
                "a\nb",
                "ab",
                "{x}",
                "{x",
                "Aa",
                "BB",
                "\u00e9",
                "e\u0301",
                "x".repeat(4096),
                "x".repeat(4095) + "y");

        for (String subject : subjects) {
            assertThat(limiter.tryAcquire(subject).isAllowed()).as(subject).isTrue();
            assertThat(limiter.tryAcquire(subject).isAllowed()).as(subject).isFalse();
        }
    }

    private RateLimiter limiter(Algorithm algorithm, Limit... limits) {
        return RateLimiter.of(redis, "test", algorithm, List.of(limits)).withTimeout(Duration.ofSeconds(20));
    }

    private List<String> keys() {
        return redis.getSyncClient().keys("*");
    }
}
