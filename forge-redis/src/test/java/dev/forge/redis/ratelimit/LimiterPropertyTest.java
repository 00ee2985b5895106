package dev.forge.redis.ratelimit;

import static dev.forge.redis.ratelimit.ScriptOnTestClock.START;
import static dev.forge.redis.ratelimit.ScriptOnTestClock.arguments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.ratelimit.ScriptOnTestClock.Asked;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replays random traces of requests on a jumping test clock, and compares every reply with the {@link Oracle}. */
@Tag("slow")
class LimiterPropertyTest {

    private static final int TRACES = 10_000;
    private static final int TOGETHER = 100;
    private static final List<Duration> BORDERS = List.of(
            Duration.ofMillis(1), Duration.ofNanos(1_000_001), Duration.ofNanos(7_500_000), Duration.ofDays(366));
    private static final long DAY = Duration.ofDays(1).toNanos() / 1_000;

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
    void matchesTheOracleEvenWhenTheClockJumps(Algorithm algorithm) {
        LuaScript script = ScriptOnTestClock.of(algorithm);
        // From now on the server knows the script, so that no call is sent twice and out of order.
        redis.evalSync(
                script,
                List.of("warm"),
                arguments(List.of(Limit.of(1, Duration.ofHours(1))), List.of(new Asked(1, 0)), START));

        List<Trace> traces = new ArrayList<>();
        for (int seed = 0; seed <= TRACES / Algorithm.values().length; seed++) {
            Trace trace = new Trace(seed, algorithm);
            trace.play(script);
            traces.add(trace);
            if (traces.size() == TOGETHER) {
                traces.forEach(Trace::check);
                traces.clear();
            }
        }
        traces.forEach(Trace::check);
    }

    @ParameterizedTest
    @EnumSource
    void usesTheClockOfTheServer(Algorithm algorithm) {
        RateLimiter limiter = RateLimiter.of(redis, "test", algorithm, List.of(Limit.of(2, Duration.ofSeconds(10))))
                .withTimeout(Duration.ofSeconds(10));
        limiter.tryAcquire("ada");
        long before = micros();
        limiter.tryAcquire("ada");

        Decision refused = limiter.tryAcquire("ada");

        long after = micros();
        assertThat(refused).isInstanceOfSatisfying(Decision.Denied.class, denied -> {
            long most = algorithm == Algorithm.TOKEN_BUCKET ? 5_000_000 : 10_000_000;
            assertThat(denied.retryAfter().toNanos() / 1_000).isLessThanOrEqualTo(most);
            assertThat(denied.resetAfter().toNanos() / 1_000)
                    .isBetween(10_000_000 - 2 * (after - before) - 1_000_000, 10_000_000L);
        });
    }

    private long micros() {
        List<String> time =
                redis.getSyncClient().eval("return redis.call('TIME')", io.lettuce.core.ScriptOutputType.MULTI);
        return Long.parseLong(time.get(0)) * 1_000_000 + Long.parseLong(time.get(1));
    }

    /** The counts of one subject, under each limit. */
    private record Subject(List<String> keys, List<Oracle> oracles) {

        static Subject of(String name, Algorithm algorithm, List<Limit> limits) {
            return new Subject(
                    IntStream.range(0, limits.size())
                            .mapToObj(i -> name + ":" + i)
                            .toList(),
                    limits.stream().map(limit -> Oracle.of(algorithm, limit)).toList());
        }

        /** Returns the expected reply: how many are allowed, how many are left, the wait, and the reset. */
        List<Long> decide(List<Limit> limits, Asked asked, long now) {
            IntStream.range(0, limits.size()).forEach(i -> oracles.get(i).follow(limits.get(i)));
            oracles.forEach(oracle -> oracle.look(now, asked.requests() > 0));
            long room = least(oracle -> Math.max(0, oracle.free(now)) / asked.cost());
            long allowed = Math.min(asked.requests(), room);
            if (allowed > 0) {
                oracles.forEach(oracle -> oracle.take(now, allowed * asked.cost()));
            }
            return List.of(
                    allowed,
                    least(oracle -> Math.max(0, oracle.free(now))),
                    -least(oracle -> -oracle.waitFor(now, asked.cost())),
                    -least(oracle -> -oracle.reset(now, asked.cost())));
        }

        private long least(ToLongFunction<Oracle> what) {
            return oracles.stream().mapToLong(what).min().orElseThrow();
        }
    }

    /**
     * A trace of one subject; sometimes another subject shares its calls, before or after it. Half of the traces are of
     * two releases that run side by side, with different limits.
     */
    private final class Trace {
        private final int seed;
        private final Random random;
        private final List<List<Limit>> releases = new ArrayList<>();

        /** The limits of the release that sends the request. */
        private List<Limit> limits;

        private final Subject subject;
        private final Subject other;
        private final List<Step> steps = new ArrayList<>();
        private final boolean steady;

        /** The real time, and the offset of the clock of the server. */
        private long real = START;

        private long offset;
        private long lastTouched = START;
        private long lastWait;

        private record Step(
                String what,
                long real,
                int jumps,
                long taken,
                List<List<Long>> expected,
                CompletableFuture<ScriptReply> reply) {}

        Trace(int seed, Algorithm algorithm) {
            this.seed = seed;
            this.random = new Random(seed);
            this.steady = random.nextInt(100) == 0;
            List<Duration> periods = new ArrayList<>();
            for (int i = random.nextInt(4) == 0 ? 2 : 1; i > 0; i--) {
                periods.add(anyPeriod(i));
            }
            for (int i = seed % 2; i >= 0; i--) {
                releases.add(periods.stream()
                        .map(period -> Limit.of(anyPermits(), period))
                        .toList());
            }
            this.limits = releases.get(0);
            this.subject = Subject.of("trace:" + seed, algorithm, limits);
            this.other = Subject.of("other:" + seed, algorithm, limits);
        }

        /** Returns a period that differs for each {@code number}; some are the shortest, the longest, or odd. */
        private Duration anyPeriod(int number) {
            if (number == 1 && random.nextInt(4) == 0) {
                return BORDERS.get(random.nextInt(BORDERS.size()));
            }
            return Duration.ofSeconds(60 + random.nextInt(100) + number * 1000L - 1000);
        }

        private int anyPermits() {
            return List.of(1 + random.nextInt(5), 10 + random.nextInt(90), 257 + random.nextInt(200))
                    .get(random.nextInt(3));
        }

        void play(LuaScript script) {
            int jumps = 0;
            for (int i = 0; i < (steady ? 300 : 20); i++) {
                pass();
                if (!steady && random.nextInt(12) == 0) {
                    jumps++;
                    jump();
                }
                step(script, jumps);
            }
        }

        private void pass() {
            long period = limits.get(random.nextInt(limits.size())).periodMicros();
            int permits = limits.get(0).permits();
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> {}
                // The time at which the last reply promised room, or just before.
                case 3 -> real += Math.max(0, lastWait - random.nextInt(2));
                case 4, 5, 6 -> real += random.nextLong(1 + 3 * period / permits);
                case 7, 8 -> real += random.nextLong(period);
                default -> real += period + random.nextLong(2 * period);
            }
        }

        private void jump() {
            long far =
                    random.nextBoolean() ? DAY : random.nextLong(limits.get(0).periodMicros());
            offset += random.nextBoolean() ? far : -far;
            lastTouched = Long.MAX_VALUE;
        }

        private void step(LuaScript script, int jumps) {
            long now = real + offset;
            limits = releases.get(random.nextInt(releases.size()));
            Asked asked = anything();
            List<Subject> subjects = new ArrayList<>(List.of(subject));
            List<Asked> all = new ArrayList<>(List.of(asked));
            if (random.nextInt(3) == 0) {
                int place = random.nextInt(2);
                subjects.add(place, other);
                all.add(place, anything());
            }
            List<List<Long>> expected = IntStream.range(0, subjects.size())
                    .mapToObj(i -> subjects.get(i).decide(limits, all.get(i), now))
                    .toList();
            List<Long> mine = expected.get(subjects.indexOf(subject));
            lastWait = mine.get(2);
            long allowed = mine.get(0);
            List<String> keys =
                    subjects.stream().flatMap(each -> each.keys().stream()).toList();
            steps.add(new Step(
                    all + " of " + limits + " at " + real + (offset < 0 ? " " : " +") + offset,
                    real,
                    jumps,
                    allowed * asked.cost(),
                    expected,
                    redis.evalAsync(script, keys, arguments(limits, all, now))));
            forgetsInTime(asked.requests(), asked.cost(), allowed);
        }

        private Asked anything() {
            int mostCost = limits.stream().mapToInt(Limit::permits).min().orElseThrow();
            return new Asked(
                    random.nextInt(3) == 0 ? 1 + random.nextInt(mostCost) : 1,
                    List.of(1, 1, 1, 1, 1, 0, 2 + random.nextInt(8), mostCost).get(random.nextInt(8)));
        }

        /**
         * A subject that took nothing for a period gets the whole limit, one period after the first request since a
         * jump.
         */
        private void forgetsInTime(int requests, int cost, long allowed) {
            for (int i = 0; i < limits.size(); i++) {
                long since = lastTouched == Long.MAX_VALUE ? real : lastTouched;
                if (requests > 0 && limits.size() == 1) {
                    long rested = limits.get(i).periodMicros()
                            + subject.oracles().get(i).slack();
                    if (real - since >= rested) {
                        assertThat(allowed)
                                .as("seed %d", seed)
                                .isEqualTo(Math.min(requests, limits.get(i).permits() / cost));
                    }
                }
            }
            if (requests > 0 && (allowed > 0 || lastTouched == Long.MAX_VALUE)) {
                lastTouched = real;
            }
        }

        void check() {
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                ByteBuffer numbers =
                        ByteBuffer.wrap(step.reply().join().asBytes().orElseThrow());
                for (List<Long> expected : step.expected()) {
                    List<Long> replied = ScriptOnTestClock.numbers(numbers);
                    assertThat(replied.subList(0, 4))
                            .as("seed %d, step %d: %s", seed, i, step.what())
                            .isEqualTo(expected);
                    assertThat(replied.get(4)).isBetween(1L, (long) limits.size());
                }
                assertThat(numbers.hasRemaining()).isFalse();
                for (int limit = 0; limit < limits.size(); limit++) {
                    keepsTheLimit(i, largest(limit));
                }
            }
        }

        private Limit largest(int limit) {
            return releases.stream()
                    .map(release -> release.get(limit))
                    .max(Comparator.comparingInt(Limit::permits))
                    .orElseThrow();
        }

        /**
         * Checks every window that ends with a step: it allows the limit, plus one limit for each jump of the clock.
         */
        private void keepsTheLimit(int last, Limit limit) {
            if (subject.oracles().get(0) instanceof Oracle.Fixed) {
                return; // the oracle itself covers this
            }
            long taken = 0;
            Step end = steps.get(last);
            for (int first = last; first >= 0; first--) {
                Step start = steps.get(first);
                taken += start.taken();
                long span = end.real() - start.real();
                long allowance = limit.permits() * (1L + end.jumps() - start.jumps());
                boolean bucket = subject.oracles().get(0) instanceof Oracle.Bucket;
                long earned = bucket ? span * limit.permits() / limit.periodMicros() : 0;
                if (taken > allowance + earned && (bucket || span < limit.periodMicros())) {
                    fail("seed %d: %d of %s taken within %d us", seed, taken, limit, span);
                }
            }
        }
    }
}
