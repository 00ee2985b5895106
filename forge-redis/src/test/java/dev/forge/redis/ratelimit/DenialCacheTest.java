package dev.forge.redis.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DenialCacheTest {

    private static final Limit LIMIT = Limit.of(1, Duration.ofHours(1));

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10);
    private final DenialCache refusals = new DenialCache(clock::get);

    @Test
    void holdsFromTheCallUntilRetryAfter() {
        DenialCache.Mark asked = refusals.mark();
        pass(3);
        refusals.remember("ada", refusal(1, 10), asked);

        assertThat(refusals.find("ada", 1))
                .isEqualTo(new Denied(Duration.ofSeconds(10), Duration.ofSeconds(20), Basis.REMEMBERED, LIMIT));
        assertThat(refusals.find("bob", 1)).isNull();
        assertThat(refusals.find("ada", 2)).isNull();
        pass(7);
        assertThat(refusals.find("ada", 1)).isNull();
    }

    @Test
    void holdsForAMinuteAtMost() {
        refusals.remember("ada", refusal(1, 3600), refusals.mark());

        pass(59);
        assertThat(refusals.find("ada", 1))
                .isEqualTo(new Denied(Duration.ofSeconds(3541), Duration.ofSeconds(3551), Basis.REMEMBERED, LIMIT));
        pass(1);
        assertThat(refusals.find("ada", 1)).isNull();
    }

    @Test
    void ignoresResultsOfCallsBeforeAReset() {
        DenialCache.Mark asked = refusals.mark();
        refusals.forget("ada");

        refusals.remember("ada", refusal(1, 10), asked);

        assertThat(refusals.find("ada", 1)).isNull();
    }

    @Test
    void ignoresAResultThatAResetOvertakes() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        DenialCache interrupted = new DenialCache(() -> {
            meanwhile.getAndSet(() -> {}).run();
            return clock.get();
        });
        DenialCache.Mark asked = interrupted.mark();
        meanwhile.set(() -> interrupted.forget("ada"));

        interrupted.remember("ada", refusal(1, 10), asked);

        assertThat(interrupted.find("ada", 1)).isNull();
    }

    @Test
    void remembersNoAllowedRequestAndNoOverlongSubject() {
        refusals.remember("ada", refusal(1, 0), refusals.mark());
        refusals.remember("a".repeat(257), refusal(1, 10), refusals.mark());

        assertThat(refusals.find("ada", 1)).isNull();
        assertThat(refusals.find("a".repeat(257), 1)).isNull();
    }

    @Test
    void remembersSomeOfManySubjectsAndConfusesNone() {
        IntStream.range(0, 100_000).forEach(i -> refusals.remember("subject " + i, refusal(1, 10), refusals.mark()));

        assertThat(IntStream.range(0, 100_000)
                        .filter(i -> refusals.find("subject " + i, 1) != null)
                        .count())
                .isBetween(1_000L, 4_096L);
    }

    @Test
    void remembersAThousandSubjectsBesideEachOther() {
        IntStream.range(0, 1_000).forEach(i -> refusals.remember("subject " + i, refusal(1, 10), refusals.mark()));

        assertThat(IntStream.range(0, 1_000)
                        .filter(i -> refusals.find("subject " + i, 1) != null)
                        .count())
                .isGreaterThan(950);
    }

    private void pass(int seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private static Count refusal(int cost, int seconds) {
        return new Count(cost, 0, 0, Duration.ofSeconds(seconds), Duration.ofSeconds(seconds + 10), LIMIT);
    }
}
