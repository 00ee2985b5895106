package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.transport.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectAttemptsTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int LONG_MILLIS = 30_000;

    private final Scheduler scheduler = new Scheduler();
    private final List<Patience> patiences = new ArrayList<>();

    @AfterEach
    void stop() {
        scheduler.close();
    }

    @Test
    void giveALaterAttemptTwiceTheTimeAfterEachThatTimedOut() {
        ConnectAttempts attempts = new ConnectAttempts(Duration.ofSeconds(3), LONG, scheduler);

        for (int i = 0; i < 2; i++) {
            fail(attempts, new IllegalStateException("refused"));
        }
        for (int i = 0; i < 3; i++) {
            fail(attempts, new TimeoutException());
        }
        attempts.start(patience -> {
            patiences.add(patience);
            return CompletableFuture.completedFuture(connection());
        });
        fail(attempts, new TimeoutException());

        assertThat(patiences.stream().map(patience -> patience.whole().toSeconds()))
                .containsExactly(3L, 1L, 1L, 2L, 3L, 3L, 1L);
        assertThat(patiences.stream().map(Patience::first))
                .containsExactly(true, false, false, false, false, false, false);
    }

    @Test
    void failInTimeWhateverTheConnectorDoes() {
        CompletableFuture<PipelinedConnection> never = new CompletableFuture<>();

        CompletableFuture<PipelinedConnection> attempt =
                ConnectAttempts.connect(patience -> never, Patience.ofFirst(Duration.ofMillis(10)), scheduler);

        assertThat(attempt)
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void failWithTheErrorThatTheConnectorThrows() {
        OutOfMemoryError error = new OutOfMemoryError("not really");

        CompletableFuture<PipelinedConnection> attempt = ConnectAttempts.connect(
                patience -> {
                    throw error;
                },
                Patience.ofFirst(LONG),
                scheduler);

        assertThat(attempt)
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCause(error);
    }

    @Test
    void scheduleOneAttemptAtATime() throws Exception {
        ConnectAttempts attempts = new ConnectAttempts(LONG, LONG, scheduler);
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger second = new AtomicInteger();

        assertThat(attempts.later(first::countDown)).isTrue();
        assertThat(attempts.later(second::incrementAndGet)).isTrue();

        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(attempts.isPausing()).isFalse();
        assertThat(second).hasValue(0);
    }

    @Test
    void dropTheScheduledAttemptWhenOneStarts() {
        ConnectAttempts attempts = new ConnectAttempts(LONG, LONG, scheduler);
        attempts.later(() -> {}, LONG_MILLIS);
        assertThat(attempts.isPausing()).isTrue();

        fail(attempts, new IllegalStateException("refused"));

        assertThat(attempts.isPausing()).isFalse();
    }

    @Test
    void dropTheScheduledAttemptAlsoIfItIsAboutToRun() throws Exception {
        ConnectAttempts attempts = new ConnectAttempts(LONG, LONG, scheduler);
        Thread clock = clockThread();
        AtomicInteger dropped = new AtomicInteger();

        synchronized (attempts) {
            attempts.later(dropped::incrementAndGet, 0);
            await().until(() -> clock.getState() == Thread.State.BLOCKED);
            fail(attempts, new IllegalStateException("refused"));
            attempts.later(() -> {}, LONG_MILLIS);
        }
        clockThread();

        assertThat(dropped).hasValue(0);
        assertThat(attempts.isPausing()).isTrue();
    }

    @Test
    void scheduleNothingAfterTheManagerHasClosed() {
        ConnectAttempts attempts = new ConnectAttempts(LONG, LONG, scheduler);
        scheduler.close();

        assertThat(attempts.later(() -> {})).isFalse();
    }

    /** Returns the clock thread, once it has run everything that was due. */
    private Thread clockThread() throws Exception {
        CompletableFuture<Thread> clock = new CompletableFuture<>();
        scheduler.schedule(() -> clock.complete(Thread.currentThread()), 0);
        return clock.get(10, TimeUnit.SECONDS);
    }

    private void fail(ConnectAttempts attempts, Throwable failure) {
        assertThat(attempts.start(patience -> {
                    patiences.add(patience);
                    return CompletableFuture.failedFuture(failure);
                }))
                .isCompletedExceptionally();
    }

    private static PipelinedConnection connection() {
        return Unconnected.named("nowhere");
    }
}
