package dev.forge.redis.ratelimit;

import static dev.forge.redis.ratelimit.ScriptOnTestClock.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.ratelimit.ScriptOnTestClock.Asked;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A limit that changes while counts exist, as in a rolling release. */
@Tag("slow")
class ChangedLimitTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PERIOD = Duration.ofMillis(2560);
    private static final long MICROS = PERIOD.toNanos() / 1_000;
    private static final long CELL = MICROS / 256;

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
    @EnumSource
    void countsEarlierPermitsAgainstTheCurrentLimit(Algorithm algorithm) {
        int[][] changes = {{10, 200}, {10, 1000}, {200, 1000}, {1000, 200}, {1000, 10}, {200, 10}};
        for (int[] change : changes) {
            String subject = change[0] + " to " + change[1];
            limiter(algorithm, change[0]).tryAcquire(subject, 10);

            Decision now = limiter(algorithm, change[1]).peek(subject);

            long left = now instanceof Decision.Allowed allowed ? allowed.remaining() : 0;
            assertThat(left).as(subject).isEqualTo(change[1] - 10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void deniesUntilUsageIsBelowALoweredLimit(Algorithm algorithm) {
        limiter(algorithm, 1000).tryAcquire("ada", 500);
        RateLimiter lower = limiter(algorithm, 10).withDenialCache(false);

        assertThat(lower.tryAcquire("ada"))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.retryAfter()).isLessThanOrEqualTo(HOUR.plus(HOUR.dividedBy(256))));
        assertThat(limiter(algorithm, 1000).tryAcquire("ada", 499).isAllowed()).isTrue();
    }

    @Test
    void keepsRecordsOfALargerLimitAheadOfTheClock() {
        Subject subject = new Subject(ScriptOnTestClock.of(Algorithm.SLIDING_WINDOW), "ahead");
        long end = START / CELL * CELL;
        subject.ask(1000, new Asked(100, 1), end - 1);
        // Recorded at the end of the window that the first hundred began.
        subject.ask(1000, new Asked(900, 1), end + MICROS - CELL + 1);

        subject.ask(100, new Asked(1, 1), end + MICROS - CELL + 2);

        Asked more = new Asked(1, 1);
        assertThat(subject.ask(1000, more, end + MICROS - CELL + 3)).startsWith(0L, 0L, CELL - 3);
        assertThat(subject.ask(1000, more, end + MICROS)).startsWith(1L, 99L);
    }

    @ParameterizedTest
    @CsvSource({
        "SLIDING_WINDOW, 100, 1000",
        "SLIDING_WINDOW, 256, 257",
        "SLIDING_WINDOW, 5, 50",
        "SLIDING_WINDOW, 300, 900",
        "TOKEN_BUCKET, 100, 1000",
        "TOKEN_BUCKET, 1, 2",
        "TOKEN_BUCKET, 7, 300"
    })
    void neverAllowsTwoReleasesMoreThanTheLargerLimit(Algorithm algorithm, int smaller, int larger) {
        for (int seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            Subject subject = new Subject(ScriptOnTestClock.of(algorithm), "seed" + seed + smaller + larger);
            Deque<long[]> taken = new ArrayDeque<>();
            long now = START;
            long inWindow = 0;
            long inAll = 0;
            for (int step = 0; step < 400; step++) {
                now += random.nextLong(random.nextInt(20) == 0 ? MICROS / 2 : CELL / 2);
                int permits = random.nextInt(3) == 0 ? smaller : larger;
                Asked asked =
                        new Asked(1 + random.nextInt(random.nextInt(4) == 0 ? permits : 1), 1 + random.nextInt(3));
                long given = asked.cost() * subject.ask(permits, asked, now).get(0);

                taken.add(new long[] {now, given});
                inWindow += given;
                inAll += given;
                while (algorithm == Algorithm.SLIDING_WINDOW && taken.getFirst()[0] <= now - MICROS) {
                    inWindow -= taken.removeFirst()[1];
                }

                long earned = algorithm == Algorithm.TOKEN_BUCKET ? larger * (now - START) / MICROS : 0;
                assertThat(inWindow).as("seed %d, step %d", seed, step).isLessThanOrEqualTo(larger + earned);
            }
            // Denying everything would also keep the limit, but is useless.
            assertThat(inAll).as("seed %d", seed).isGreaterThan(smaller * (now - START) / MICROS / 2);
            assertThat(subject.ask(larger, new Asked(larger, 1), now + MICROS + CELL + larger)
                            .get(0))
                    .as("seed %d", seed)
                    .isOne();
            assertThat(subject.longest).isLessThanOrEqualTo(8_736);
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsTheWaitWhicheverLimitTookPermits(Algorithm algorithm) {
        Random random = new Random(1);
        for (int i = 0; i < 150; i++) {
            Subject subject = new Subject(ScriptOnTestClock.of(algorithm), "wait" + i);
            long now = START;
            int permits = 0;
            for (int step = 0; step < 5; step++) {
                permits = List.of(1 + random.nextInt(5), 100, 1000).get(random.nextInt(3));
                now += random.nextLong(MICROS / 2);
                subject.ask(permits, new Asked(1 + random.nextInt(permits), 1), now);
            }
            permits = random.nextBoolean() ? permits : 1 + random.nextInt(1000);
            Asked asked = new Asked(1 + random.nextInt(permits), 1);

            long wait = subject.ask(permits, new Asked(asked.cost(), 0), now).get(2);

            if (wait > 0) {
                long before = algorithm == Algorithm.FIXED_WINDOW ? 1_000 : 1;
                assertThat(subject.ask(permits, asked, now + wait - before).get(0))
                        .isZero();
            }
            assertThat(subject.ask(permits, asked, now + wait).get(0))
                    .as("%d", i)
                    .isOne();
        }
    }

    private RateLimiter limiter(Algorithm algorithm, int permits) {
        return RateLimiter.of(redis, "test", algorithm, List.of(Limit.of(permits, HOUR)))
                .withTimeout(Duration.ofSeconds(20));
    }

    /** One count, on the clock of the test. */
    private final class Subject {
        private final LuaScript script;
        private final String key;
        private long longest;

        Subject(LuaScript script, String key) {
            this.script = script;
            this.key = key;
        }

        List<Long> ask(int permits, Asked asked, long now) {
            List<byte[]> arguments =
                    ScriptOnTestClock.arguments(List.of(Limit.of(permits, PERIOD)), List.of(asked), now);
            byte[] reply =
                    redis.evalSync(script, List.of(key), arguments).asBytes().orElseThrow();
            longest = Math.max(longest, redis.getSyncClient().strlen(key));
            return ScriptOnTestClock.numbers(ByteBuffer.wrap(reply));
        }
    }
}
