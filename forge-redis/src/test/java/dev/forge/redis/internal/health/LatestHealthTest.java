package dev.forge.redis.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.health.Health;
import dev.forge.redis.health.Health.Down;
import dev.forge.redis.health.Health.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LatestHealthTest {

    private static final Health LOADING = new Down(Reason.LOADING, "");
    private static final Health BUSY = new Down(Reason.BUSY, "");

    private final List<CompletableFuture<Health>> probes = new ArrayList<>();
    private long now = Long.MAX_VALUE; // A ticker may begin anywhere.
    private final LatestHealth latest = new LatestHealth(this::begin, () -> now);

    @Test
    void sharesOneProbeAmongConcurrentCallers() {
        CompletableFuture<Health> first = latest.get();
        pass(Duration.ofSeconds(30));
        CompletableFuture<Health> second = latest.get();

        probes.get(0).complete(LOADING);

        assertThat(probes).hasSize(1);
        assertThat(first).isCompletedWithValue(LOADING);
        assertThat(second).isCompletedWithValue(LOADING);
    }

    @Test
    void probesAgainAfterAnError() {
        AtomicInteger begun = new AtomicInteger();
        LatestHealth failing = new LatestHealth(
                () -> {
                    begun.incrementAndGet();
                    throw new OutOfMemoryError("unable to create native thread");
                },
                () -> now);

        assertThat(failing.get())
                .isCompletedWithValueMatching(health -> health instanceof Down down
                        && down.reason() == Reason.OTHER
                        && down.message().contains("native thread"));
        pass(Duration.ofSeconds(1));
        assertThat(failing.get()).isDone();
        assertThat(begun).hasValue(2);
    }

    @Test
    void keepsAnAnswerForASecondFromTheBeginningOfItsProbe() {
        latest.get();
        pass(Duration.ofMillis(400));
        probes.get(0).complete(LOADING);

        pass(Duration.ofMillis(599));
        assertThat(latest.get()).isCompletedWithValue(LOADING);
        pass(Duration.ofMillis(1));
        CompletableFuture<Health> next = latest.get();

        assertThat(probes).hasSize(2);
        probes.get(1).complete(BUSY);
        assertThat(next).isCompletedWithValue(BUSY);
    }

    @Test
    void letsOneCallerCancelWithoutAffectingOthers() {
        CompletableFuture<Health> impatient = latest.get();
        CompletableFuture<Health> patient = latest.get();

        impatient.cancel(true);
        probes.get(0).complete(LOADING);

        assertThat(patient).isCompletedWithValue(LOADING);
    }

    @Test
    void answersEvenIfTheProbeFails() {
        CompletableFuture<Health> failed = latest.get();
        probes.get(0).completeExceptionally(new IllegalStateException("broken"));
        LatestHealth thrown = new LatestHealth(
                () -> {
                    throw new IllegalStateException("broken");
                },
                () -> 0);

        for (Health health : List.of(failed.join(), thrown.get().join())) {
            assertThat(health).isInstanceOfSatisfying(Down.class, down -> {
                assertThat(down.reason()).isEqualTo(Reason.OTHER);
                assertThat(down.message()).contains("broken");
            });
        }
    }

    @Test
    void probesAgainAfterForget() {
        latest.get();
        latest.forget();
        CompletableFuture<Health> next = latest.get();

        probes.get(0).complete(LOADING);
        assertThat(next).isNotDone();
        probes.get(1).complete(BUSY);

        assertThat(next).isCompletedWithValue(BUSY);
        assertThat(latest.get()).isCompletedWithValue(BUSY);
    }

    private CompletableFuture<Health> begin() {
        CompletableFuture<Health> probe = new CompletableFuture<>();
        probes.add(probe);
        return probe;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
