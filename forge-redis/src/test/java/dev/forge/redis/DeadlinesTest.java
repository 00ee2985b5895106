package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private static final Duration TIMEOUT = Duration.ofMillis(50);

    private final Scheduler scheduler = new Scheduler();
    private final Deadlines deadlines = new Deadlines(TIMEOUT, scheduler);

    @AfterEach
    void stop() {
        scheduler.close();
    }

    @Test
    void endsOtherCallsWhileACallbackTakesItsTime() {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Call<Void> first = call();
        first.whenComplete((value, failure) -> {
            blocked.countDown();
            Promises.await(release);
        });
        deadlines.watch(first);
        Promises.await(blocked);

        Call<Void> second = call();
        deadlines.watch(second);

        assertFails(second);
        release.countDown();
    }

    @Test
    void endsOtherCallsThoughOneCannotBeEndedAtOnce() {
        Outbox unable = new Outbox("Redis", () -> {
            throw new OutOfMemoryError("not really");
        });
        Call<Void> broken = call();
        broken.outbox = unable;
        Call<Void> sameTime = call();
        deadlines.watch(sameTime);
        deadlines.watch(broken);

        assertFails(broken);
        assertFails(sameTime);
        Call<Void> later = call();
        deadlines.watch(later);
        assertFails(later);
    }

    @Test
    void endsACallSoonerWhoseCallerWaitsForLess() {
        Deadlines patient = new Deadlines(Duration.ofHours(1), scheduler);
        Call<Void> other = call();
        Call<Void> impatient = call();
        impatient.timeoutNanos = TIMEOUT.toNanos();
        patient.watch(other);
        patient.watch(impatient);

        assertFails(impatient);

        assertThat(other).isNotDone();
    }

    @Test
    void endsWhatIsLeftWhenItCloses() {
        Call<Void> swept = call();
        Deadlines patient = new Deadlines(Duration.ofHours(1), scheduler);
        patient.watch(swept);
        Call<Void> canary = call();
        deadlines.watch(canary);
        assertFails(canary);
        scheduler.close();

        patient.close();

        assertThat(swept).isCompletedExceptionally();
    }

    private static Call<Void> call() {
        return Commands.ping();
    }

    private static void assertFails(Call<?> call) {
        assertThat(call).failsWithin(Duration.ofSeconds(10)).withThrowableOfType(ExecutionException.class);
    }
}
