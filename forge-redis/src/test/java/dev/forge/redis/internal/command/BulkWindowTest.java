package dev.forge.redis.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.connection.PipelinedConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BulkWindowTest {

    private static final int MOST = 10;

    private final Queue<CompletableFuture<String>> underWay = new ArrayDeque<>();
    private final List<Integer> sent = new ArrayList<>();
    private final AtomicInteger pauses = new AtomicInteger();
    private final BulkWindow window = window(Runnable::run);

    private BulkWindow window(Executor background) {
        return new BulkWindow(MOST, background, millis -> {
            pauses.incrementAndGet();
            return CompletableFuture.completedFuture(null);
        });
    }

    private CompletableFuture<String> send(int number) {
        CompletableFuture<String> command = new CompletableFuture<>();
        sent.add(number);
        underWay.add(command);
        return command;
    }

    private void answerAll() {
        for (CompletableFuture<String> next = underWay.poll(); next != null; next = underWay.poll()) {
            assertThat(underWay.size()).isLessThan(MOST);
            next.complete("answer");
        }
    }

    @Test
    void sendsAllInOrderAndNeverExceedsTheWindow() {
        CompletableFuture<Void> all = window.forEach(100, this::send);
        assertThat(sent).hasSize(MOST);
        assertThat(all).isNotDone();

        answerAll();

        assertThat(all).isCompleted();
        assertThat(sent).hasSize(100).isSorted();
    }

    @Test
    void letsBulkOperationsTakeTurns() {
        CompletableFuture<Void> large = window.forEach(1_000, this::send);
        CompletableFuture<Void> small = window.forEach(5, number -> send(-number));

        while (!small.isDone()) {
            underWay.remove().complete("answer");
        }

        assertThat(sent).hasSizeLessThan(5 * MOST);
        answerAll();
        assertThat(large).isCompleted();
    }

    @Test
    void sendsTheRestWhenSomeFail() {
        CompletableFuture<Void> all = window.forEach(100, number -> {
            if (number == 3) {
                throw new AssertionError("number 3");
            }
            return number % 2 == 0 ? send(number) : CompletableFuture.failedFuture(new IllegalStateException("odd"));
        });

        answerAll();

        assertThat(sent).hasSize(50);
        assertThatThrownBy(all::join).hasRootCauseMessage("odd");
    }

    @Test
    void doesNotOverflowTheStackWhenCommandsEndAtOnce() {
        AtomicInteger count = new AtomicInteger();

        window.forEach(1_000_000, number -> CompletableFuture.completedFuture(count.incrementAndGet()))
                .join();

        assertThat(count).hasValue(1_000_000);
    }

    @Test
    void sendsTheRestWhenNoThreadCanBeStarted() {
        BulkWindow alone = window(task -> {
            throw new RejectedExecutionException("no thread");
        });
        CompletableFuture<Void> all = alone.forEach(100, this::send);

        answerAll();

        assertThat(all).isCompleted();
    }

    @Test
    void retriesCommandsRefusedByBackPressure() {
        AtomicInteger tries = new AtomicInteger();
        RedisFailure full = PipelinedConnection.full("here").atCaller();

        CompletableFuture<Void> all = window.forEach(
                1,
                number -> tries.incrementAndGet() < 3
                        ? CompletableFuture.failedFuture(full)
                        : CompletableFuture.completedFuture("answer"));

        assertThat(all).isCompleted();
        assertThat(tries).hasValue(3);
        assertThat(pauses).hasValue(2);
    }

    @Test
    void doesNotRetryOtherFailures() {
        CompletableFuture<String> down =
                CompletableFuture.failedFuture(new RedisUnavailableException("cannot connect", null));

        assertThat(window.whenRoom(() -> down)).isCompletedExceptionally();

        assertThat(pauses).hasValue(0);
    }

    @Test
    void losesNothingWhenRepliesComeFromManyThreads() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Executor threads = task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
        };
        BulkWindow busy = window(threads);
        List<CompletableFuture<Void>> works = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            works.add(busy.forEach(500, number -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                CompletableFuture<Void> command = new CompletableFuture<>();
                threads.execute(() -> {
                    now.decrementAndGet();
                    done.incrementAndGet();
                    command.complete(null);
                });
                return command;
            }));
        }

        await().atMost(Promises.PATIENCE).until(() -> works.stream().allMatch(CompletableFuture::isDone));

        assertThat(done).hasValue(2_000);
        assertThat(most.get()).isLessThanOrEqualTo(MOST);
    }
}
