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
        Late last = new Late();
        crowd.get(last);
        waiting(1);
        Late next = new Late();
        crowd.get(next);

        assertThat(last.looks).isEqualTo(1);
        assertThat(next.looks).isGreaterThan(1);
    }

    /** Its threads would use their processors in vain, for example while scripts keep the server busy. */
    @Test
    void sleepsAtOnceForAWhileInASmallCrowdWhoseRepliesComeLate() throws Exception {
        waiting(6);
        Late late = new Late();
        for (int i = 0; i < 10_000 && late.looks != 1; i++) {
            late = new Late();
            crowd.get(late);
        }

        assertThat(late.looks).isEqualTo(1);
    }

    /** A reply that comes only when its thread sleeps; counts how often the thread looks for it before. */
    private static final class Late extends CompletableFuture<String> {
        private int looks;

        @Override
        public boolean isDone() {
            looks++;
            return false;
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
