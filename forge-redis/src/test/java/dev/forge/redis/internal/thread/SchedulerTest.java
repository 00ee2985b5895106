package dev.forge.redis.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulerTest {

    private final AtomicBoolean noThreads = new AtomicBoolean();
    private final Queue<Thread> started = new ConcurrentLinkedQueue<>();
    private final Scheduler scheduler = new Scheduler(this::counting);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicBoolean noBeginning = new AtomicBoolean();
    private final CountDownLatch begin = new CountDownLatch(1);

    @AfterEach
    void stop() {
        release.countDown();
        begin.countDown();
        scheduler.close();
        await().atMost(Promises.PATIENCE).until(() -> started.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void startsNoThreadBeforeItHasWork() {
        assertThat(started).isEmpty();
    }

    @Test
    void namesItsThreadsAndLetsTheJvmExit() {
        run(scheduler::background);

        assertThat(started)
                .allMatch(Thread::isDaemon)
                .allMatch(thread -> thread.getName().matches("forge-redis-(clock|background|callback)-\\d+"));
    }

    @Test
    void reusesAnIdleThread() {
        for (int i = 0; i < 20; i++) {
            run(scheduler::background);
            await().until(() -> started.stream()
                    .allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING
                            || thread.getState() == Thread.State.WAITING));
        }

        assertThat(started).hasSize(1);
    }

    /** As in a process without memory: four stack traces a second would fill its disk. */
    @Test
    void logsATaskThatAlwaysFailsOnceAMinute() {
        AtomicInteger runs = new AtomicInteger();
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            scheduler.every(1, () -> {
                runs.incrementAndGet();
                throw new IllegalStateException("always");
            });

            await().atMost(Promises.PATIENCE).until(() -> runs.get() >= 10);
        } finally {
            System.setErr(before);
        }

        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.contains("A scheduled task of the Redis manager failed"))
                .hasSize(1);
    }

    @Test
    void startsOneThreadItselfHoweverManyTasksItIsGiven() {
        noBeginning.set(true);
        CountDownLatch atOnce = new CountDownLatch(Scheduler.MOST_WORKERS);
        for (int i = 0; i < Scheduler.MOST_WORKERS; i++) {
            scheduler.background().execute(() -> {
                atOnce.countDown();
                Promises.await(atOnce);
            });
        }
        assertThat(started).hasSize(1);

        begin.countDown();

        Promises.await(atOnce);
    }

    @Test
    void startsNoThreadBeforeATaskOfTheClockHasHandedOverAll() {
        CountDownLatch atOnce = new CountDownLatch(Scheduler.MOST_WORKERS);
        AtomicInteger early = new AtomicInteger();

        var unused = scheduler.schedule(
                () -> {
                    int before = started.size();
                    for (int i = 0; i < Scheduler.MOST_WORKERS; i++) {
                        scheduler.background().execute(() -> {
                            atOnce.countDown();
                            Promises.await(atOnce);
                        });
                    }
                    early.set(started.size() - before);
                },
                1);

        Promises.await(atOnce);
        assertThat(early).hasValue(0);
    }

    @Test
    void runsTimersWhileThousandsOfCallbacksBlock() {
        for (int i = 0; i < 10_000; i++) {
            scheduler.callbacks().execute(() -> Promises.await(release));
        }

        assertThat(scheduler.pause(1)).succeedsWithin(Promises.PATIENCE);

        assertThat(started).hasSizeLessThanOrEqualTo(Scheduler.MOST_WORKERS + 2);
    }

    @Test
    void keepsTasksInOrderWhileNoThreadIsFree() {
        for (int i = 0; i < Scheduler.MOST_WORKERS; i++) {
            scheduler.background().execute(() -> Promises.await(release));
        }
        AtomicInteger next = new AtomicInteger();
        CompletableFuture<?>[] ran = new CompletableFuture<?>[500];
        for (int i = 0; i < ran.length; i++) {
            CompletableFuture<Integer> turn = new CompletableFuture<>();
            ran[i] = turn;
            scheduler.background().execute(() -> turn.complete(next.getAndIncrement()));
        }

        release.countDown();

        assertThat(CompletableFuture.allOf(ran)).succeedsWithin(Promises.PATIENCE);
        assertThat(next).hasValue(ran.length);
    }

    @Test
    void keepsTasksUntilAThreadCanBeStarted() {
        scheduler.start();
        noThreads.set(true);
        CompletableFuture<Void> over = scheduler.pause(1);
        CountDownLatch ran = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            scheduler.background().execute(ran::countDown);
        }
        assertThat(over).isNotDone();

        noThreads.set(false);

        Promises.await(ran);
        assertThat(over).succeedsWithin(Promises.PATIENCE);
    }

    @Test
    void keepsRunningAfterATaskHasFailed() {
        scheduler.background().execute(() -> {
            throw new AssertionError("not really");
        });
        AtomicInteger beats = new AtomicInteger();
        var unused = scheduler.every(1, () -> {
            beats.incrementAndGet();
            throw new OutOfMemoryError("not really");
        });

        await().atMost(Promises.PATIENCE).until(() -> beats.get() > 3);
        run(scheduler::background);
    }

    /** As for lack of memory, which the log needs most. */
    @Test
    void keepsRunningAlthoughAFailureCannotBeLogged() {
        AtomicInteger beats = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(Scheduler.MOST_WORKERS);
        PrintStream before = System.err;
        System.setErr(new PrintStream(new ByteArrayOutputStream()) {
            @Override
            public void println(String line) {
                throw new OutOfMemoryError("not really");
            }
        });
        try {
            var unused = scheduler.every(1, () -> {
                beats.incrementAndGet();
                throw new IllegalStateException("always");
            });
            for (int i = 0; i < Scheduler.MOST_WORKERS; i++) {
                scheduler.background().execute(() -> {
                    failed.countDown();
                    throw new IllegalStateException("once");
                });
            }

            Promises.await(failed);
            await().atMost(Promises.PATIENCE).until(() -> beats.get() > 3);
            run(scheduler::background);
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void failsACopyThatTakesTooLong() {
        CompletableFuture<String> original = new CompletableFuture<>();

        CompletableFuture<String> bounded = scheduler.within(Duration.ofMillis(10), original);

        assertThat(bounded)
                .failsWithin(Promises.PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class);
        assertThat(original).isNotDone();
    }

    @Test
    void keepsNoReferenceToAResultThatCameInTime() {
        CompletableFuture<byte[]> original = new CompletableFuture<>();
        WeakReference<CompletableFuture<byte[]>> bounded =
                new WeakReference<>(scheduler.within(Duration.ofHours(1), original));

        original.complete(new byte[1]);

        await().atMost(Promises.PATIENCE).until(() -> {
            System.gc();
            return bounded.get() == null;
        });
    }

    @Test
    void endsPausesWhenItCloses() {
        CompletableFuture<Void> pause = scheduler.pause(TimeUnit.HOURS.toMillis(1));

        scheduler.close();

        assertThat(pause).succeedsWithin(Promises.PATIENCE);
        assertThat(scheduler.pause(TimeUnit.HOURS.toMillis(1))).isDone();
    }

    @Test
    void dropsScheduledTasksWhenItCloses() {
        Runnable[] task = {() -> {}};
        WeakReference<Object> pinned = new WeakReference<>(task);
        plan(task);
        task = null;
        var unused = scheduler.every(1, () -> {});

        scheduler.close();

        await().atMost(Promises.PATIENCE).until(() -> {
            System.gc();
            return pinned.get() == null;
        });
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> scheduler.after(1, () -> {}));
        await().atMost(Promises.PATIENCE).until(() -> started.stream().noneMatch(Thread::isAlive));
    }

    private void plan(Object task) {
        scheduler.after(TimeUnit.HOURS.toMillis(1), () -> assertThat(task).isNull());
    }

    @Test
    void keepsTheBoundOfPendingFuturesWhenItCloses() {
        CompletableFuture<Void> bounded = scheduler.within(Duration.ofMillis(200), new CompletableFuture<>());

        scheduler.close();

        assertThat(bounded).failsWithin(Promises.PATIENCE).withThrowableOfType(ExecutionException.class);
    }

    @Test
    void runsTasksGivenAfterItHasClosed() {
        scheduler.close();

        run(scheduler::background);
    }

    @Test
    void runsCallbacksOfCallersOnCallbackThreads() {
        scheduler.start();
        CompletableFuture<Void> internal = new CompletableFuture<>();
        AtomicReference<String> ranOn = new AtomicReference<>("");
        CompletableFuture<Void> held = CallerFuture.of(internal);
        held.whenComplete((done, failure) -> ranOn.set(Thread.currentThread().getName()));

        var unused = scheduler.schedule(() -> internal.complete(null), 1);

        await().atMost(Promises.PATIENCE).untilAtomic(ranOn, org.hamcrest.Matchers.startsWith("forge-redis-callback-"));
    }

    private void begin(Runnable task) {
        Promises.await(begin);
        task.run();
    }

    private static void run(java.util.function.Supplier<java.util.concurrent.Executor> threads) {
        CountDownLatch ran = new CountDownLatch(1);
        threads.get().execute(ran::countDown);
        Promises.await(ran);
    }

    private ThreadFactory counting(ThreadFactory factory) {
        return task -> {
            if (noThreads.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            Thread thread = factory.newThread(noBeginning.get() ? () -> begin(task) : task);
            started.add(thread);
            return thread;
        };
    }
}
