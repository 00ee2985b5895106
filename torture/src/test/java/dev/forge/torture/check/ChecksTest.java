package dev.forge.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.health.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Feeds each check a violation, and the closest case that is not one. */
class ChecksTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Health.Down DOWN = new Health.Down(Health.Reason.UNREACHABLE, "gone");

    private final Violations violations = new Violations();

    @TestFactory
    Stream<DynamicTest> acceptWhatIsPromised() {
        return cases().map(each -> DynamicTest.dynamicTest(each.name, () -> {
            Violations none = new Violations();
            each.kept.run(none);
            assertThat(none.details()).isEmpty();
        }));
    }

    @TestFactory
    Stream<DynamicTest> reportWhatIsNot() {
        return cases().map(each -> DynamicTest.dynamicTest(each.name, () -> {
            Violations some = new Violations();
            each.broken.run(some);
            assertThat(some.counts()).hasSize(1);
        }));
    }

    @Test
    void countsAllAndKeepsTheFirstCasesWithTheCurrentFault() {
        violations.during("a fault");

        for (int i = 0; i < 100; i++) {
            violations.add("promise", "case " + i);
        }

        assertThat(violations.count()).isEqualTo(100);
        assertThat(violations.details().get("promise")).hasSize(3).first().isEqualTo("case 0 [during a fault]");
    }

    @Test
    void allowsTheTimeThatTheJvmStoodStill() {
        Stalls stalls = new Stalls();
        stalls.add(SECOND, SECOND + SECOND / 10);
        DeadlineCheck check = new DeadlineCheck(violations, stalls);

        check.check("get", SECOND - SECOND / 2, SECOND + SECOND / 8, Duration.ofMillis(500));

        assertThat(violations.count()).isZero();
        assertThat(check.latestMillis()).containsEntry("get", 25L);
    }

    private interface Feed {
        void run(Violations violations);
    }

    private record Case(String name, Feed kept, Feed broken) {}

    private static Stream<Case> cases() {
        return Stream.of(
                new Case("a counter with less than was answered", v -> counted(v, 2, true), v -> counted(v, 1, true)),
                new Case("a counter with more than was sent", v -> counted(v, 3, true), v -> counted(v, 4, true)),
                new Case(
                        "a counter with more than was sent, after a loss",
                        v -> counted(v, 0, false),
                        v -> counted(v, 4, false)),
                new Case("an answer given twice", v -> answered(v, 2, true), v -> answered(v, 1, true)),
                new Case("an answer that cannot be", v -> answered(v, 1, false), v -> answered(v, 0, false)),
                new Case(
                        "the value of another key",
                        v -> new ReplyCheck(v, "a").read(Optional.of("a=1="), false),
                        v -> new ReplyCheck(v, "a").read(Optional.of("ab=1="), false)),
                new Case("an old value", v -> read(v, "k=2="), v -> read(v, "k=1=")),
                new Case("a deletion that found nothing", v -> removed(v, 1), v -> removed(v, 0)),
                new Case("a late answer", v -> took(v, 599), v -> took(v, 601)),
                new Case("a stale read", v -> fresh(v, 2), v -> fresh(v, 1)),
                new Case("a version that there never was", v -> fresh(v, 3), v -> fresh(v, 4)),
                new Case("a stale read after the lag", v -> lagged(v, SECOND / 2), v -> lagged(v, SECOND * 2)),
                new Case("an older one of several within the lag", v -> oneOfThree(v, 2), v -> oneOfThree(v, 1)),
                new Case("two loads at once", v -> loads(v, true), v -> loads(v, false)),
                new Case("a key loaded twice", v -> loadedBy(v, 1, true), v -> loadedBy(v, 2, true)),
                new Case(
                        "a key loaded twice, but not during a fault",
                        v -> loadedBy(v, 2, false),
                        v -> loadedBy(v, 2, true)),
                new Case("a source that is felt", v -> felt(v, SECOND * 4), v -> felt(v, SECOND * 3)),
                new Case(
                        "a source that is felt after an invalidation",
                        v -> feltAfter(v, true),
                        v -> feltAfter(v, false)),
                new Case(
                        "a value past its stale time",
                        v -> servedAfter(v, SECOND * 6),
                        v -> servedAfter(v, SECOND * 7)),
                new Case("a session that is found where it was", v -> dead(v, null), v -> dead(v, Map.of("a", "1"))),
                new Case("a long wait without a fault", v -> waited(v, SECOND), v -> waited(v, SECOND + 1)),
                new Case("a long wait, but not during a fault", v -> waitedEarly(v), v -> waited(v, SECOND * 2)),
                new Case("more than the limit", v -> window(v, SECOND), v -> window(v, SECOND - 1)),
                new Case("a refusal with room", v -> refusal(v, 2), v -> refusal(v, 1)),
                new Case("a session back from the dead", v -> dead(v, null), v -> dead(v, Map.of())),
                new Case(
                        "a lost attribute",
                        v -> session(v, Map.of("a", "1", "b", "2")),
                        v -> session(v, Map.of("a", "1"))),
                new Case(
                        "a key left",
                        v -> new PresenceCheck(v).check(9, 0, 2, 2),
                        v -> new PresenceCheck(v).check(9, 1, 2, 2)),
                new Case(
                        "a key too many",
                        v -> new PresenceCheck(v).check(9, 0, 2, 2),
                        v -> new PresenceCheck(v).check(9, 0, 2, 1)),
                new Case("a health that lies", v -> health(v, SECOND * 2), v -> health(v, SECOND * 3)),
                new Case("a recovery that is far too late", v -> recovered(v, 1_999), v -> recovered(v, 2_001)),
                new Case("many late recoveries", v -> late(v, 1), v -> late(v, 2)),
                new Case("a long log", v -> log(v, 300, "INFO"), v -> log(v, 301, "INFO")),
                new Case("an error in the log", v -> log(v, 1, "WARN"), v -> log(v, 1, "ERROR")),
                new Case("a secret in a cause", v -> leak(v, "word"), v -> leak(v, "S3CR3T-1")),
                new Case(
                        "more memory",
                        v -> new ResourceCheck(v).memory(0, 16 << 20),
                        v -> new ResourceCheck(v).memory(0, (16 << 20) + 1)),
                new Case(
                        "a thread left",
                        v -> new ResourceCheck(v).threads(Set.of("a", "b"), Set.of("a")),
                        v -> new ResourceCheck(v).threads(Set.of("a"), Set.of("a", "b"))),
                new Case(
                        "a connection left",
                        v -> new ResourceCheck(v).connections(0),
                        v -> new ResourceCheck(v).connections(1)),
                new Case("a failure without a fault", v -> failed(v, SECOND), v -> failed(v, SECOND * 3)),
                new Case(
                        "a failure without a meaning",
                        v -> outcome(v, new CancellationException()),
                        v -> outcome(v, new IllegalStateException("?"))));
    }

    /** Two were answered, one is unknown, one was never sent. */
    private static void counted(Violations violations, long value, boolean lostNothing) {
        CountCheck check = new CountCheck(violations);
        List.of(Outcome.OK, Outcome.OK, Outcome.UNKNOWN, Outcome.NEVER_SENT).forEach(outcome -> check.begin("c"));
        check.end("c", Outcome.OK, 1);
        check.end("c", Outcome.UNKNOWN, 0);
        check.end("c", Outcome.NEVER_SENT, 0);
        check.end("c", Outcome.OK, 3);
        check.check("c", value, lostNothing);
    }

    private static void answered(Violations violations, long second, boolean lostNothing) {
        CountCheck check = new CountCheck(violations);
        check.begin("c");
        check.begin("c");
        check.end("c", Outcome.OK, 1);
        check.end("c", Outcome.OK, second);
        check.check("c", 2, lostNothing);
    }

    private static ReplyCheck written(Violations violations) {
        ReplyCheck check = new ReplyCheck(violations, "k");
        check.wrote("k=1=", Outcome.OK);
        check.wrote("k=2=", Outcome.OK);
        return check;
    }

    private static void read(Violations violations, String value) {
        written(violations).read(Optional.of(value), true);
    }

    private static void removed(Violations violations, long count) {
        written(violations).removed(count, true);
    }

    private static void took(Violations violations, long millis) {
        new DeadlineCheck(violations, new Stalls())
                .check("get", 0, TimeUnit.MILLISECONDS.toNanos(millis), Duration.ofMillis(500));
    }

    /** The source has version 3, and version 2 was acknowledged. */
    private static FreshnessCheck changed(Violations violations) {
        FreshnessCheck check = new FreshnessCheck(violations, 1);
        check.change(0);
        check.invalidated(0, check.change(0), SECOND);
        check.change(0);
        return check;
    }

    private static void fresh(Violations violations, long version) {
        FreshnessCheck check = changed(violations);
        check.read("a reader", 0, version, check.oldest(0, SECOND, 0));
    }

    private static void lagged(Violations violations, long later) {
        FreshnessCheck check = changed(violations);
        check.read("a reader", 0, 1, check.oldest(0, SECOND + later, SECOND));
    }

    private static void oneOfThree(Violations violations, long version) {
        FreshnessCheck check = new FreshnessCheck(violations, 1);
        for (long at = 1; at <= 3; at++) {
            check.invalidated(0, check.change(0), at * SECOND);
        }
        check.read("a reader", 0, version, check.oldest(0, 7 * SECOND / 2, SECOND));
    }

    private static void loads(Violations violations, boolean firstEnds) {
        OverlapCheck check = new OverlapCheck(violations);
        check.begin("a");
        if (firstEnds) {
            check.end("a");
        }
        check.begin("a");
    }

    private static void loadedBy(Violations violations, int callers, boolean undisturbed) {
        LoadOnceCheck check = new LoadOnceCheck(violations);
        check.loading(List.of("a"));
        if (callers > 1) {
            check.loading(List.of("b", "a"));
        }
        check.finish("a round", undisturbed);
        check.loading(List.of("a"));
        check.finish("the next", true);
    }

    /** A value is kept for five seconds, give or take one; it was loaded at 0 and seen in Redis at 1. */
    private static StaleCheck kept(Violations violations) {
        StaleCheck check = new StaleCheck(violations, "k", Duration.ofSeconds(5), Duration.ofSeconds(1));
        check.served(SECOND, 0, true);
        return check;
    }

    private static void felt(Violations violations, long at) {
        kept(violations).failed(at, true);
    }

    private static void feltAfter(Violations violations, boolean invalidated) {
        StaleCheck check = kept(violations);
        if (invalidated) {
            check.gone(SECOND);
            // This one was read before.
            check.served(SECOND, 0, true);
        }
        check.failed(SECOND * 2, true);
    }

    private static void servedAfter(Violations violations, long start) {
        kept(violations).served(start, 0, true);
    }

    private static void waited(Violations violations, long nanos) {
        Calm calm = new Calm(violations, new Stalls());
        calm.begin(0);
        calm.ended("get", SECOND * 3, SECOND * 3 + nanos, Duration.ofSeconds(1));
    }

    private static void waitedEarly(Violations violations) {
        Calm calm = new Calm(violations, new Stalls());
        calm.begin(0);
        calm.ended("get", SECOND, SECOND * 4, Duration.ofSeconds(1));
    }

    private static void window(Violations violations, long lastAnswer) {
        WindowCheck check = new WindowCheck(violations, "ada", 2, Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            check.begin();
        }
        check.allowed(0, 1);
        check.allowed(1, 2);
        check.allowed(3, lastAnswer);
    }

    private static void refusal(Violations violations, int taken) {
        WindowCheck check = new WindowCheck(violations, "ada", 2, Duration.ofSeconds(1));
        for (int i = 0; i < taken; i++) {
            check.begin();
            check.allowed(i, i + 1);
        }
        check.begin();
        check.denied(10, 11, 0);
    }

    private static void dead(Violations violations, @Nullable Map<String, String> found) {
        SessionCheck check = new SessionCheck(violations, Map.of());
        check.deleted(Outcome.OK);
        check.seen(found, true);
    }

    private static void session(Violations violations, Map<String, String> found) {
        SessionCheck check = new SessionCheck(violations, Map.of("a", "1"));
        check.changed(Map.of("b", "2"), Outcome.OK);
        check.seen(found, true);
    }

    private static void health(Violations violations, long later) {
        HealthCheck check = new HealthCheck(violations, new Stalls());
        check.expect(HealthCheck.UP, 0);
        check.observe(DOWN, later);
    }

    private static void recovered(Violations violations, long millis) {
        new RecoveryCheck(violations).recovered("a fault", Duration.ofMillis(millis), Duration.ofSeconds(1));
    }

    private static void late(Violations violations, int late) {
        RecoveryCheck check = new RecoveryCheck(violations);
        for (int i = 0; i < 50; i++) {
            check.recovered("a fault", Duration.ofMillis(i < late ? 1_500 : 1), Duration.ofSeconds(1));
        }
        check.finish();
    }

    private static void log(Violations violations, int lines, String level) {
        new LogCheck(violations, new Secrets(violations))
                .check(Stream.generate(() -> "2026-01-01T00:00:01.000 [main] " + level + " a line")
                        .limit(lines)
                        .toList());
    }

    private static void leak(Violations violations, String word) {
        Secrets secrets = new Secrets(violations);
        secrets.add("S3CR3T-1");
        secrets.look("a failure", new IllegalStateException("outer", new IllegalStateException("it is " + word)));
    }

    private static void failed(Violations violations, long later) {
        Calm calm = new Calm(violations, new Stalls());
        calm.begin(0);
        calm.failed("get", later, "lost");
    }

    private static void outcome(Violations violations, Throwable thrown) {
        new Outcomes("plain", violations, new Secrets(violations)).count(thrown);
    }
}
