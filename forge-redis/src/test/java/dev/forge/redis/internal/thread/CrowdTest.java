package dev.forge.redis.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CrowdTest {

    private static final int THREADS = 40;

    private final Crowd crowd = new Crowd();
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
        for (int i = 0; i < 1_000; i++) {
            for (int late = 0; late < 4; late++) {
                if (looksForALateReply() == 1) {
                    pauses++;
                    await().until(() -> looksForALateReply() > 1);
                }
            }
            crowd.get(new Reply(3));
        }

        // Not none, because another process may have kept the processors for long.
        assertThat(pauses).isLessThan(4);
    }

    /** Returns how often a thread looks for a reply that comes only when it sleeps. */
    private int looksForALateReply() throws Exception {
        Reply late = new Reply(Integer.MAX_VALUE);
        crowd.get(late);
        return late.looks;
    }

    /** A reply that is there when it is looked for the {@code last} time, or when its thread sleeps. */
    private static final class Reply extends CompletableFuture<String> {
        private final int last;
        private int looks;

        Reply(int last) {
            this.last = last;
        }

        @Override
        public boolean isDone() {
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
