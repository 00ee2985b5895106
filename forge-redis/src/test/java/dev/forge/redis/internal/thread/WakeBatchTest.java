package dev.forge.redis.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With platform threads that wait as virtual ones do, so that it runs on every Java. */
@Timeout(60)
class WakeBatchTest {

    private final WakeBatch batch = new WakeBatch();

    @Test
    void wakesAllThatItHasTaken() throws Exception {
        List<Sleeper> sleepers = sleepers(100);

        sleepers.forEach(this::take);
        batch.wakeAll();

        for (Sleeper sleeper : sleepers) {
            assertThat(sleeper.hasEnded()).isTrue();
        }
    }

    @Test
    void doesNotLetManyWaitForTheLastOne() throws Exception {
        List<Sleeper> sleepers = sleepers(40);

        sleepers.forEach(this::take);

        for (Sleeper sleeper : sleepers.subList(0, 32)) {
            assertThat(sleeper.hasEnded()).isTrue();
        }
        batch.wakeAll();
    }

    @Test
    void wakesTheOthersWhenTheFirstHasStoppedWaitingByItself() throws Exception {
        List<Sleeper> sleepers = sleepers(3);

        sleepers.forEach(this::take);
        for (Sleeper sleeper : sleepers.subList(0, 2)) {
            sleeper.waiter.unpark();
            assertThat(sleeper.hasEnded()).isTrue();
        }
        batch.wakeAll();

        assertThat(sleepers.get(2).hasEnded()).isTrue();
    }

    /** As one whose carriers are all held by threads that wait for another one of the batch. */
    @Test
    void wakesTheOthersAlthoughTheFirstDoesNotGoOn() throws Exception {
        List<Sleeper> sleepers = sleepers(2);
        batch.add(new VirtualWaiter(CompletableFuture.completedFuture(null), 0));
        sleepers.forEach(this::take);
        batch.wakeAll();
        batch.wakeLate();
        assertThat(sleepers).allMatch(sleeper -> sleeper.thread.getState() == Thread.State.WAITING);

        await().pollInSameThread().atMost(Promises.PATIENCE).until(() -> {
            batch.wakeLate();
            return sleepers.stream().noneMatch(sleeper -> sleeper.thread.isAlive());
        });
    }

    @Test
    void leavesNoOneAsleepAtItsEnd() throws Exception {
        List<Sleeper> sleepers = sleepers(2);
        batch.add(new VirtualWaiter(CompletableFuture.completedFuture(null), 0));
        take(sleepers.get(0));
        batch.wakeAll();
        take(sleepers.get(1));

        batch.end();

        for (Sleeper sleeper : sleepers) {
            assertThat(sleeper.hasEnded()).isTrue();
        }
    }

    @Test
    void takesThoseOnlyThatTheReaderWakesWhileItCollects() throws Exception {
        List<Sleeper> sleepers = sleepers(3);

        onAReader(() -> {
            batch.collect();
            sleepers.get(0).answer();
            batch.stop();
            sleepers.get(1).answer();
        });
        sleepers.get(2).answer();

        assertThat(sleepers.get(1).hasEnded()).isTrue();
        assertThat(sleepers.get(2).hasEnded()).isTrue();
        assertThat(sleepers.get(0).thread.getState()).isEqualTo(Thread.State.WAITING);
        batch.wakeAll();
        assertThat(sleepers.get(0).hasEnded()).isTrue();
    }

    @Test
    void isEmptyWhileACallbackOfACallerBlocks() throws Exception {
        Sleeper sleeper = sleepers(1).get(0);
        CountDownLatch release = new CountDownLatch(1);
        CallerFuture<String> call = new CallerFuture<>();
        CallerFuture.of(call).thenRun(() -> Promises.await(release));

        Thread reader = startReader(() -> {
            batch.collect();
            sleeper.answer();
            call.complete("value");
        });

        assertThat(sleeper.hasEnded()).isTrue();
        assertThat(reader.isAlive()).isTrue();
        release.countDown();
        reader.join();
    }

    private void take(Sleeper sleeper) {
        sleeper.future.complete(null);
        batch.add(sleeper.waiter);
    }

    private static List<Sleeper> sleepers(int count) {
        List<Sleeper> sleepers = Stream.generate(Sleeper::new).limit(count).toList();
        for (Sleeper sleeper : sleepers) {
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> sleeper.thread.getState() == Thread.State.WAITING);
        }
        return sleepers;
    }

    private static void onAReader(Runnable task) throws InterruptedException {
        startReader(task).join();
    }

    private static Thread startReader(Runnable task) {
        Thread reader = IoThread.factory("reader").newThread(task);
        reader.start();
        return reader;
    }

    /** A thread that waits until it is woken. */
    private static final class Sleeper {

        final CompletableFuture<Void> future = new CompletableFuture<>();
        final Thread thread = new Thread(this::sleep);
        final VirtualWaiter waiter;

        private final CompletableFuture<VirtualWaiter> made = new CompletableFuture<>();

        Sleeper() {
            thread.setDaemon(true);
            thread.start();
            waiter = made.orTimeout(10, TimeUnit.SECONDS).join();
        }

        private void sleep() {
            VirtualWaiter mine = new VirtualWaiter(future, 0);
            made.complete(mine);
            mine.block();
            mine.ended();
        }

        /** Does what the end of its call does. */
        void answer() {
            future.complete(null);
            waiter.wake();
        }

        boolean hasEnded() throws InterruptedException {
            thread.join(Promises.PATIENCE.toMillis());
            return !thread.isAlive();
        }
    }
}
