package dev.forge.redis.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CrowdTest {

    private static final int THREADS = 40;

    // 40 us for each other thread: see Crowd.
    private static final long LONG_TURN = TimeUnit.MICROSECONDS.toNanos(40) * THREADS;

    private final Crowd crowd = new Crowd();
    private long longestTurn;
    private final CompletableFuture<String> reply = new CompletableFuture<>();
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void stop() {
        reply.cancel(false);
    }

    @Test
    void givesEachThreadItsReply() throws Exception {
        List<FutureTask<String>> waiting = waiting();

        reply.complete("reply");

        for (FutureTask<String> each : waiting) {
            assertThat(each.get()).isEqualTo("reply");
        }
    }

    @Test
    void givesEachThreadItsFailure() {
        List<FutureTask<String>> waiting = waiting();

        reply.completeExceptionally(new IllegalStateException("refused"));

        for (FutureTask<String> each : waiting) {
            assertThat(catchThrowable(each::get))
                    .hasCauseInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("refused");
        }
    }

    @Test
    void endsTheWaitOfAnInterruptedThread() {
        List<FutureTask<String>> waiting = waiting();

        threads.forEach(Thread::interrupt);

        for (FutureTask<String> each : waiting) {
            assertThat(catchThrowable(each::get)).hasRootCauseInstanceOf(InterruptedException.class);
        }
    }

    /** A thread that only lets others run would never stop using its processor. */
    @Test
    void sleepsInTheEnd() {
        waiting();

        await().untilAsserted(() -> assertThat(threads).allMatch(each -> each.getState() == Thread.State.WAITING));
    }

    @Test
    void sleepsAtOnceUnlessSeveralOthersWait() throws Exception {
        waiting(4);
        assertThat(looksForALateReply()).isEqualTo(1);

        waiting(1);
        assertThat(looksForALateReply()).isGreaterThan(1);
    }

    /** Its threads would use their processors in vain, for example while scripts keep the server busy. */
    @ParameterizedTest
    @ValueSource(ints = {6, THREADS})
    void sleepsAtOnceForAWhileWhenRepliesComeLate(int others) throws Exception {
        waiting(others);
        int looks = 0;
        for (int i = 0; i < 10_000 && looks != 1; i++) {
            looks = looksForALateReply();
        }

        assertThat(looks).isEqualTo(1);
    }

    @Test
    void letsOthersRunInALargeCrowdAlsoWhenFewRepliesComeInTime() throws Exception {
        waiting(THREADS);
        int pauses = 0;
        longestTurn = LONG_TURN; // Maybe one of the threads above had such a turn.
        for (int i = 0; i < 1_000; i++) {
            for (int late = 0; late < 4; late++) {
                long before = longestTurn;
                if (looksForALateReply() == 1) {
                    // Without such a turn the average of turns cannot be too long: nothing else may make threads pause.
                    pauses += before < LONG_TURN ? 1 : 0;
                    longestTurn = 0;
                    await().pollInSameThread().until(() -> looksForALateReply() > 1);
                }
            }
            crowd.get(new Reply(3));
        }

        assertThat(pauses).isZero();
    }

    /** Returns how often a thread looks for a reply that comes only when it sleeps. */
    private int looksForALateReply() throws Exception {
        Reply late = new Reply(Integer.MAX_VALUE);
        crowd.get(late);
        return late.looks;
    }

    /** A reply that is there when it is looked for the {@code last} time, or when its thread sleeps. */
    private final class Reply extends CompletableFuture<String> {
        private final int last;
        private int looks;
        private long lookedAt = System.nanoTime();

        Reply(int last) {
            this.last = last;
        }

        @Override
        public boolean isDone() {
            long now = System.nanoTime();
            longestTurn = Math.max(longestTurn, now - lookedAt);
            lookedAt = now;
            return ++looks >= last;
        }

        @Override
        public String get() {
            return "reply";
        }
    }

    private List<FutureTask<String>> waiting() {
        return waiting(THREADS);
    }

    private List<FutureTask<String>> waiting(int count) {
        int before = crowd.waiting();
        List<FutureTask<String>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FutureTask<String> task = new FutureTask<>(() -> crowd.get(reply));
            Thread thread = new Thread(task);
            thread.start();
            tasks.add(task);
            threads.add(thread);
        }
        await().until(() -> crowd.waiting() == before + count);
        return tasks;
    }
}
