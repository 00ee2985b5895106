package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.internal.thread.Scheduler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReconnectingConnectionTest {

    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger threadsToDeny = new AtomicInteger();
    private final Scheduler scheduler = new Scheduler(this::denying);
    private final ReconnectingConnection connection =
            new ReconnectingConnection(patience -> connect(), "Redis", Promises.PATIENCE, scheduler, () -> {});

    @Test
    void connectsAgainAlthoughTheNextAttemptCouldNotBePlanned() {
        // One for the time limit of the attempt, and one to plan the next.
        threadsToDeny.set(2);

        assertThat(connection.open()).failsWithin(Promises.PATIENCE);
        assertThat(connection.failure()).isNotNull();
        connection.ensureRetried();

        await().until(() -> connection.pipeline() != null);
        assertThat(attempts).hasValue(1);
        connection.close();
        scheduler.close();
    }

    @Test
    void closingEndsTheAttemptUnderWay() {
        CompletableFuture<PipelinedConnection> never = new CompletableFuture<>();
        ReconnectingConnection connecting =
                new ReconnectingConnection(patience -> never, "Redis", Promises.PATIENCE, scheduler, () -> {});
        CompletableFuture<Void> opened = connecting.open();

        connecting.close();
        scheduler.close();

        assertThat(opened)
                .failsWithin(Promises.PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("is closed");
    }

    private CompletableFuture<PipelinedConnection> connect() {
        attempts.incrementAndGet();
        return CompletableFuture.completedFuture(Unconnected.named("Redis"));
    }

    private ThreadFactory denying(ThreadFactory factory) {
        return task -> {
            if (threadsToDeny.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return factory.newThread(task);
        };
    }
}
