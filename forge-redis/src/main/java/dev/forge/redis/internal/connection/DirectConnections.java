package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The direct connections beside one shared connection, to the same server: for callers that block, while they are few.
 *
 * <p>A lone caller is fastest if it writes and reads by itself; many callers are fastest if one writer and one reader
 * serve them all. So a call is sent directly only while no more callers are blocked than there may be direct
 * connections. Calls without a blocked caller do not count: one behind ten thousand of them would wait for all of their replies.
 * No call waits for a direct connection: one that gets none takes the shared one. They are opened as they are needed, and
 * closed when they have not been used for a minute.
 *
 * <p>Source of the idea: rueidis, a client for Go, whose connection is read and written by a call that is alone on it.
 *
 * <p>Thread-safe.
 */
public final class DirectConnections {

    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Function<Duration, CompletableFuture<DirectConnection>> connector;
    private final Duration patience;
    private final int most;
    private final AtomicReferenceArray<@Nullable DirectConnection> idle;
    private final Set<DirectConnection> all = ConcurrentHashMap.newKeySet();
    private final AtomicInteger used = new AtomicInteger();
    private final AtomicBoolean opening = new AtomicBoolean();

    private volatile boolean closed;
    private volatile long pausedAt = System.nanoTime() - PAUSE_NANOS;

    /**
     * @param connector opens one within the given time
     * @param most how many there may be
     */
    DirectConnections(Function<Duration, CompletableFuture<DirectConnection>> connector, Duration patience, int most) {
        this.connector = connector;
        this.patience = patience;
        this.most = most;
        this.idle = new AtomicReferenceArray<>(most);
    }

    /** Returns how many calls are on direct connections. */
    public int load() {
        return used.get();
    }

    boolean has(@Nullable CallConnection connection) {
        return connection instanceof DirectConnection direct && all.contains(direct);
    }

    /** Returns how many are open. */
    public int open() {
        return all.size();
    }

    /**
     * Sends {@code call} and reads its reply on this thread, if that is faster; blocks meanwhile.
     *
     * @param others how many callers are blocked by calls on the shared connection
     * @return whether it has done so; if not, the call must take the shared connection
     */
    public boolean run(Call<?> call, int others) {
        if (others >= most || closed || isPausing() || Thread.currentThread().isInterrupted()) {
            return false;
        }
        try {
            DirectConnection connection = used.incrementAndGet() + others > most ? null : take();
            if (connection == null) {
                return false;
            }
            run(call, connection);
            return true;
        } finally {
            used.decrementAndGet();
        }
    }

    private void run(Call<?> call, DirectConnection connection) {
        try {
            connection.run(call);
        } catch (Throwable e) {
            // For example for lack of stack.
            drop(connection);
            throw e;
        }
        giveBack(connection);
    }

    /** Takes a connection that can be used, or begins to open one, and returns null. */
    private @Nullable DirectConnection take() {
        for (int i = 0; i < most; i++) {
            DirectConnection connection = idle.get(i) == null ? null : idle.getAndSet(i, null);
            if (connection == null) {
                continue;
            }
            boolean usable = false;
            try {
                usable = connection.isUsable();
            } finally {
                // Also for lack of stack.
                if (!usable) {
                    drop(connection);
                }
            }
            if (usable) {
                return connection;
            }
        }
        openAnother();
        return null;
    }

    private void giveBack(DirectConnection connection) {
        if (!connection.isClosed() && !closed) {
            for (int i = 0; i < most; i++) {
                if (idle.compareAndSet(i, null, connection)) {
                    if (closed && idle.compareAndSet(i, connection, null)) {
                        drop(connection);
                    }
                    return;
                }
            }
        }
        drop(connection);
    }

    private void drop(DirectConnection connection) {
        all.remove(connection);
        connection.close();
    }

    private void openAnother() {
        if (all.size() >= most || !opening.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<DirectConnection> attempt;
        try {
            attempt = connector.apply(patience);
        } catch (Throwable e) {
            // For example for lack of memory.
            opening.set(false);
            throw e;
        }
        attempt.whenComplete((opened, failure) -> {
            if (opened == null) {
                pausedAt = System.nanoTime();
            } else {
                all.add(opened);
                giveBack(opened);
            }
            opening.set(false);
        });
    }

    /** Opens none and uses none for a second: a call has timed out, and each one would cost a connection. */
    void pause() {
        pausedAt = System.nanoTime();
    }

    private boolean isPausing() {
        return System.nanoTime() - pausedAt < PAUSE_NANOS;
    }

    /** Closes those that have not been used for a minute; to be called regularly. */
    public void closeIdle() {
        long now = System.nanoTime();
        for (int i = 0; i < most; i++) {
            DirectConnection connection = idle.get(i);
            if (connection != null
                    && now - connection.usedAt() > IDLE_NANOS
                    && idle.compareAndSet(i, connection, null)) {
                drop(connection);
            }
        }
    }

    /** Closes those that are idle, and each of the others when its call has ended. */
    void finish() {
        closed = true;
        for (int i = 0; i < most; i++) {
            DirectConnection connection = idle.getAndSet(i, null);
            if (connection != null) {
                drop(connection);
            }
        }
    }

    /** Closes all of them; their calls fail. */
    void close() {
        finish();
        all.forEach(this::drop);
    }
}
