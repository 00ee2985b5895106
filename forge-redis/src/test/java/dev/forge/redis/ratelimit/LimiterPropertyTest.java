package dev.forge.redis.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.LuaScript;
import dev.forge.redis.RedisManager;
import dev.forge.redis.RedisSettings;
import dev.forge.redis.ScriptReply;
import dev.forge.redis.test.RedisExtension;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replays random traces of requests on a clock of the test, which jumps, and compares every answer with the {@link Oracle}. */
class LimiterPropertyTest {

    private static final int TRACES = 10_000;
    private static final int TOGETHER = 100;
    private static final long START = 1_763_800_000_123_456L;
    private static final long DAY = Duration.ofDays(1).toNanos() / 1_000;
    private static final String CLOCK = "local time = redis.call('TIME')\n";

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        // The first connection of a JVM takes its time on a busy machine.
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(redis::initializeSync);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @ParameterizedTest
    @EnumSource
    void answersWhatTheOracleSaysAlsoWhileTheClockJumps(Algorithm algorithm) throws IOException {
        LuaScript script = onClockOfTest(algorithm);
        // From now on the server knows it, so that no call is sent a second time and out of its order.
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

    @Test
    void readsTheTimeInOnePlaceAndNowhereElse() throws IOException {
        for (Algorithm algorithm : Algorithm.values()) {
            assertThat(source(algorithm)).containsOnlyOnce(CLOCK).containsOnlyOnce("'TIME'");
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesByTheClockOfTheServer(Algorithm algorithm) {
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

    /** Keys end by the clock of the server, which the test does not move: here they live a minute longer. */
    private static LuaScript onClockOfTest(Algorithm algorithm) throws IOException {
        String script = source(algorithm)
                .replace(
                        CLOCK,
                        "local micros, seconds = table.remove(ARGV), table.remove(ARGV) local time = {seconds, micros}\n");
        assertThat(script).containsOnlyOnce("/ 1000)");
        return LuaScript.of("test", script.replace("/ 1000)", "/ 1000) + 60000"));
    }

    private static String source(Algorithm algorithm) throws IOException {
        String file = algorithm.name().toLowerCase(Locale.ROOT) + ".lua";
        try (InputStream resource = Objects.requireNonNull(Algorithm.class.getResourceAsStream(file), file)) {
            return new String(resource.readAllBytes(), UTF_8);
        }
    }

    private static List<byte[]> arguments(List<Limit> limits, List<Asked> asked, long now) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(LuaScript.argument(limits.size()));
        for (Limit limit : limits) {
            arguments.add(LuaScript.argument(limit.permits()));
            arguments.add(LuaScript.argument(limit.periodMicros()));
        }
        for (Asked one : asked) {
            arguments.add(LuaScript.argument(one.cost()));
            arguments.add(LuaScript.argument(one.requests()));
        }
        arguments.add(LuaScript.argument(now / 1_000_000));
        arguments.add(LuaScript.argument(now % 1_000_000));
        return arguments;
    }

    /** What is asked for one subject. */
    private record Asked(int cost, int requests) {}

    /** The counts of one subject, under each limit. */
    private record Subject(List<String> keys, List<Oracle> oracles) {

        static Subject of(String name, Algorithm algorithm, List<Limit> limits) {
            return new Subject(
                    IntStream.range(0, limits.size())
                            .mapToObj(i -> name + ":" + i)
                            .toList(),
                    limits.stream().map(limit -> Oracle.of(algorithm, limit)).toList());
        }

        /** Returns what has to be replied: how many are allowed, what is left, the wait, and the reset. */
        List<Long> decide(Asked asked, long now) {
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
                    -least(oracle -> -oracle.reset(now)));
        }

        private long least(ToLongFunction<Oracle> what) {
            return oracles.stream().mapToLong(what).min().orElseThrow();
        }
    }

    /** One subject, for some time; another one travels with it now and then, before it or behind it. */
    private final class Trace {
        private final int seed;
        private final Random random;
        private final List<Limit> limits = new ArrayList<>();
        private final Subject subject;
        private final Subject other;
        private final List<Step> steps = new ArrayList<>();
        private final boolean steady;

        /** The time that really passes, and how far the clock of the server is from it. */
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
            int count = random.nextInt(4) == 0 ? 2 : 1;
            for (int i = 0; i < count; i++) {
                int permits = List.of(1 + random.nextInt(5), 10 + random.nextInt(90), 257 + random.nextInt(200))
                        .get(random.nextInt(3));
                limits.add(Limit.of(permits, Duration.ofSeconds(60 + random.nextInt(100) + i * 1000L)));
            }
            this.subject = Subject.of("trace:" + seed, algorithm, limits);
            this.other = Subject.of("other:" + seed, algorithm, limits);
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
                // When the last answer said that there would be room, or just not yet.
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
            Asked asked = anything();
            List<Subject> subjects = new ArrayList<>(List.of(subject));
            List<Asked> all = new ArrayList<>(List.of(asked));
            if (random.nextInt(3) == 0) {
                int place = random.nextInt(2);
                subjects.add(place, other);
                all.add(place, anything());
            }
            List<List<Long>> expected = IntStream.range(0, subjects.size())
                    .mapToObj(i -> subjects.get(i).decide(all.get(i), now))
                    .toList();
            List<Long> mine = expected.get(subjects.indexOf(subject));
            lastWait = mine.get(2);
            long allowed = mine.get(0);
            List<String> keys =
                    subjects.stream().flatMap(each -> each.keys().stream()).toList();
            steps.add(new Step(
                    all + " at " + real + (offset < 0 ? " " : " +") + offset,
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

        /** Whoever has taken nothing for a period gets everything, one period after the first request since a jump. */
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
                    List<Long> replied = Stream.generate(() -> (long) numbers.getDouble())
                            .limit(4)
                            .toList();
                    assertThat(replied)
                            .as("seed %d, step %d of %s: %s", seed, i, limits, step.what())
                            .isEqualTo(expected);
                    assertThat((long) numbers.getDouble()).isBetween(1L, (long) limits.size());
                }
                assertThat(numbers.hasRemaining()).isFalse();
                for (Limit limit : limits) {
                    keepsTheLimit(i, limit);
                }
            }
        }

        /** Looks at all times that end with a step: what is allowed in a period, and once more for each jump of the clock. */
        private void keepsTheLimit(int last, Limit limit) {
            if (subject.oracles().get(0) instanceof Oracle.Fixed) {
                return; // the oracle itself says all there is to say
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
