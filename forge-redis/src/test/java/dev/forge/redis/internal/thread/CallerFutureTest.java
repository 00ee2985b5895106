package dev.forge.redis.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallerFutureTest {

    private final Scheduler scheduler = new Scheduler();
    private final CountDownLatch release = new CountDownLatch(1);
    private final CompletableFuture<String> original = new CompletableFuture<>();
    private final CompletableFuture<String> held = CallerFuture.of(original);

    @AfterEach
    void stop() {
        release.countDown();
        scheduler.close();
    }

    @Test
    void wakesAllWaitingThreadsWhileACallbackBlocks() throws Exception {
        held.whenComplete((value, failure) -> Promises.await(release));
        List<FutureTask<String>> waiting =
                List.of(inThread(held::get), inThread(held::join), inThread(() -> held.get(1, TimeUnit.MINUTES)));

        onTheClock(() -> original.complete("value"));

        for (FutureTask<String> each : waiting) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isEqualTo("value");
        }
        assertThat(held).isDone().isCompletedWithValue("value");
        assertThat(held.getNow("other")).isEqualTo("value");
    }

    /** As by a thread that recurses without end: it may have no stack left between the decision and the completion. */
    @Test
    void canBeEndedAfterThereWasNoStackForThat() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<CallerFuture<String>> futures =
                    Stream.generate(CallerFuture<String>::new).limit(100).toList();
            Iterator<CallerFuture<String>> left = futures.iterator();
            Thread deep = new Thread(null, () -> completeAtTheEndOfTheStack(left), "deep", 256 * 1024);
            deep.start();
            deep.join();

            futures.forEach(future -> future.complete("later"));

            assertThat(futures).allMatch(CompletableFuture::isDone);
        }
    }

    /** Completes one in each of the last frames. */
    @SuppressWarnings("InfiniteRecursion") // it ends with the stack
    private static void completeAtTheEndOfTheStack(Iterator<CallerFuture<String>> left) {
        try {
            completeAtTheEndOfTheStack(left);
        } catch (StackOverflowError e) {
            // The next frame has a little more.
        }
        if (left.hasNext()) {
            left.next().complete("value");
        }
    }

    @Test
    void aNegativeTimeoutIsOver() {
        for (long timeout : new long[] {Long.MIN_VALUE, -1}) {
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> held.get(timeout, TimeUnit.SECONDS));
        }
    }

    @Test
    void wakesAllWaitingThreadsWhenAnotherThreadCompletesIt() throws Exception {
        List<FutureTask<String>> waiting =
                List.of(inThread(held::get), inThread(held::join), inThread(() -> held.get(1, TimeUnit.MINUTES)));

        original.complete("value");

        for (FutureTask<String> each : waiting) {
            assertThat(each.get(10, TimeUnit.SECONDS)).isEqualTo("value");
        }
    }

    @Test
    void failsLikeAnyFuture() {
        IllegalStateException reason = new IllegalStateException("not really");
        held.whenComplete((value, failure) -> Promises.await(release));

        onTheClock(() -> original.completeExceptionally(reason));

        await().until(held::isDone);
        assertThat(held.isCompletedExceptionally()).isTrue();
        assertThat(held.isCancelled()).isFalse();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(held::get)
                .withCause(reason);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(held::join)
                .withCause(reason);
        assertThat(held.complete("late")).isFalse();
    }

    @Test
    void cancelsItsOriginal() {
        assertThat(held.cancel(false)).isTrue();

        assertThat(held.isCancelled()).isTrue();
        assertThat(original).isCancelled();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(held::get);
    }

    @Test
    void canBeCancelledOnTheClockThread() {
        held.whenComplete((value, failure) -> Promises.await(release));

        onTheClock(() -> held.cancel(false));

        await().until(held::isCancelled);
        assertThatExceptionOfType(CancellationException.class).isThrownBy(held::join);
    }

    @Test
    void waitsNoLongerThanTheGivenTimeout() {
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> held.get(1, TimeUnit.MILLISECONDS));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> held.get(0, TimeUnit.MILLISECONDS));
        assertThat(held.getNow("absent")).isEqualTo("absent");
    }

    @Test
    void endsAWaitThatIsInterrupted() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> thrown.set(catchThrowable(held::get)));
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);

        thread.interrupt();

        thread.join(10_000);
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void keepsNoReferenceToAThreadThatHasStoppedWaiting() throws Exception {
        WeakReference<Thread> gone = waiting(() -> held.get(1, TimeUnit.SECONDS));
        // It waits later, and so is linked to the first.
        FutureTask<String> other = inThread(held::get);

        await().until(() -> {
            System.gc();
            return gone.get() == null;
        });
        original.complete("value");
        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo("value");
    }

    @Test
    void runsACallbackAddedBetweenOutcomeAndCallbacks() {
        // All threads that could run callbacks block.
        for (int i = 0; i < Scheduler.MOST_WORKERS; i++) {
            scheduler.callbacks().execute(() -> Promises.await(release));
        }
        held.whenComplete((value, failure) -> {});
        onTheClock(() -> original.complete("value"));
        await().until(held::isDone);

        CompletableFuture<String> stage = held.thenApply(value -> value + " of a stage");

        assertThat(stage).isNotDone();
        release.countDown();
        assertThat(stage).succeedsWithin(Promises.PATIENCE).isEqualTo("value of a stage");
    }

    @Test
    void hasOneOutcomeWhenThreadsRaceToDecideIt() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            CompletableFuture<String> source = new CompletableFuture<>();
            CompletableFuture<String> raced = CallerFuture.of(source);
            CompletableFuture<String> seenByCallback = raced.exceptionally(failure -> "failed");
            CountDownLatch go = new CountDownLatch(1);
            FutureTask<Void> answer = inThread(() -> {
                go.await();
                raced.complete("value");
                return null;
            });
            scheduler.background().execute(() -> {
                Promises.await(go);
                raced.completeExceptionally(new TimeoutException());
            });
            go.countDown();

            String seen = seen(raced);
            answer.get(10, TimeUnit.SECONDS);

            assertThat(seenByCallback.get(10, TimeUnit.SECONDS)).isEqualTo(seen);
            assertThat(seen(raced)).isEqualTo(seen);
        }
    }

    private static String seen(CompletableFuture<String> future) throws Exception {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return "failed";
        }
    }

    private void onTheClock(Runnable task) {
        var unused = scheduler.schedule(task, 1);
    }

    private static WeakReference<Thread> waiting(Callable<?> wait) {
        Thread thread = new Thread(new FutureTask<>(wait));
        thread.start();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return new WeakReference<>(thread);
    }

    private static <T> FutureTask<T> inThread(Callable<T> wait) {
        FutureTask<T> task = new FutureTask<>(wait);
        new Thread(task).start();
        return task;
    }
}
