package dev.forge.redis.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.connection.Unconnected;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.CallOwner;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.script.LuaScript;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    void endsOtherCallsWhileACallbackBlocks() {
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
    void endsOtherCallsWhileTenThousandCallbacksBlock() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger blocked = new AtomicInteger();
        for (int i = 0; i < 10_000; i++) {
            Call<Void> call = held();
            call.whenComplete((value, failure) -> {
                blocked.incrementAndGet();
                Promises.await(release);
            });
            deadlines.watch(call);
        }
        await().until(() -> blocked.get() == Scheduler.MOST_WORKERS);

        Call<Void> waitedFor = held();
        Call<Void> withCallback = held();
        withCallback.whenComplete((value, failure) -> {});
        Call<Void> ofForge = call();
        CompletableFuture<String> stage = ofForge.thenApply(value -> "");
        long start = System.nanoTime();
        List.of(waitedFor, withCallback, ofForge).forEach(deadlines::watch);

        List.of(waitedFor, withCallback, ofForge, stage).forEach(DeadlinesTest::assertFails);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(blocked).hasValue(Scheduler.MOST_WORKERS);
        release.countDown();
    }

    @Test
    void endsCallsWithoutNewThreadsAndRunsTheirCallbacksLater() {
        AtomicBoolean noThreads = new AtomicBoolean();
        Scheduler poor = new Scheduler(factory -> task -> {
            if (noThreads.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return factory.newThread(task);
        });
        poor.start();
        noThreads.set(true);
        Deadlines ofPoor = new Deadlines(TIMEOUT, poor);
        Call<Void> held = held();
        CompletableFuture<Void> callback = held.exceptionally(failure -> null);
        Call<Void> ofForge = call();
        CompletableFuture<Void> stage = ofForge.exceptionally(failure -> null);
        ofPoor.watch(held);
        ofPoor.watch(ofForge);
        assertFails(held);
        assertFails(ofForge);
        assertThat(callback).isNotDone();
        assertThat(stage).isNotDone();

        noThreads.set(false);

        assertThat(callback).succeedsWithin(Promises.PATIENCE);
        assertThat(stage).succeedsWithin(Promises.PATIENCE);
        poor.close();
    }

    @Test
    void endsANewCallAtOnceAfterTheSchedulerHasClosed() {
        Scheduler closed = new Scheduler();
        closed.close();
        Deadlines late = new Deadlines(TIMEOUT, closed);
        Call<Void> call = call();

        late.watch(call);

        assertThat(call).isCompletedExceptionally();
    }

    @Test
    void endsOtherCallsWhenOneCannotBeEndedAtOnce() {
        PipelinedConnection unable = Unconnected.asking("Redis", () -> {
            throw new OutOfMemoryError("not really");
        });
        Call<Void> broken = call();
        broken.connection = unable;
        Call<Void> sameTime = call();
        deadlines.watch(sameTime);
        deadlines.watch(broken);

        assertFails(broken);
        assertFails(sameTime);
        Call<Void> later = call();
        deadlines.watch(later);
        assertFails(later);
    }

    /** As when a direct connection takes it at the moment of its deadline, and then waits for the reply. */
    @Test
    void tellsAConnectionThatTakesTheCallWhileItIsEnded() {
        CompletableFuture<Call<?>> missed = new CompletableFuture<>();
        CompletableFuture<Call<String>> taken = new CompletableFuture<>();
        Call<String> call = new Call<>(
                Command.GET,
                new byte[][] {},
                null,
                new Reply.Any<>(Object::toString),
                new Taking(() -> taken.join().connection = new Waiting(missed)),
                System.nanoTime());
        taken.complete(call);

        deadlines.watch(call);

        assertFails(call);
        assertThat(missed).succeedsWithin(Promises.PATIENCE).isEqualTo(call);
    }

    @Test
    void endsACallWithAShorterTimeoutSooner() {
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
    void endsRemainingCallsWhenItCloses() {
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
        return HandshakeCommands.ping();
    }

    /** Returns a call held by a caller, who may add callbacks. */
    private static Call<Void> held() {
        Call<Void> call = call();
        CallerFuture.of(call);
        return call;
    }

    private static void assertFails(CompletableFuture<?> call) {
        assertThat(call).failsWithin(Duration.ofSeconds(10)).withThrowableOfType(ExecutionException.class);
    }

    /** The owner of a call that is taken when its failure asks for the address. */
    private record Taking(Runnable take) implements CallOwner {

        @Override
        public String address() {
            take.run();
            return "Redis";
        }

        @Override
        public boolean sentElsewhere(Call<?> call, RefusalReason reason, String error) {
            return false;
        }

        @Override
        public boolean sentAgain(Call<?> call, boolean hasNotRun) {
            return false;
        }
    }

    private record Waiting(CompletableFuture<Call<?>> missed) implements CallConnection {

        @Override
        public String address() {
            return "Redis";
        }

        @Override
        public void missed(Call<?> call, boolean provesSilence) {
            missed.complete(call);
        }

        @Override
        public void cutOff(String error) {}

        @Override
        public void forgotten(Call<?> call, LuaScript script) {}

        @Override
        public boolean isOfNode() {
            return true;
        }

        @Override
        public void close() {}
    }
}
