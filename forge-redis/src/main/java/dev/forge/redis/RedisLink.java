package dev.forge.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis: made on request, made anew whenever it is lost, until it is closed.
 *
 * <p>Reconnecting is done here and not by the client, because the client keeps commands of the lost connection to send them
 * again, which would run them twice. Here a lost connection fails its commands, and the next one starts empty, with the name
 * looked up and the password read again. The pause between two attempts is chosen by chance between nothing and a bound that
 * doubles up to half a second ("full jitter"; M. Brooker, "Exponential Backoff and Jitter", 2015), so that many clients
 * neither wait long nor come all at once.
 */
final class RedisLink {

    private static final Logger LOG = LoggerFactory.getLogger(RedisManager.class);
    static final int FIRST_PAUSE_MILLIS = 20;
    static final int LONGEST_PAUSE_MILLIS = 500;
    private static final int SHORTEST_PAUSE_MILLIS = 10;

    private final Supplier<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> connect;
    private final String address;
    private final ScheduledExecutorService executor;

    private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;

    // Guarded by this.
    private final Queue<Call<?, ?>> waiting = new ArrayDeque<>();
    private @Nullable CompletableFuture<Void> attempt;
    private @Nullable RedisFailure lastFailure;
    private boolean closed;
    private boolean retryPending;
    private int failures;
    private long downSince;

    RedisLink(
            Supplier<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> connect,
            String address,
            ScheduledExecutorService executor) {
        this.connect = connect;
        this.address = address;
        this.executor = executor;
    }

    /** Connects unless that is done or under way; the result tells how the attempt ended. */
    CompletableFuture<Void> open() {
        CompletableFuture<Void> mine;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(closedFailure());
            }
            if (connection != null) {
                return CompletableFuture.completedFuture(null);
            }
            if (attempt != null) {
                return attempt;
            }
            mine = new CompletableFuture<>();
            attempt = mine;
        }
        CompletionStage<StatefulRedisConnection<byte[], byte[]>> connecting;
        try {
            connecting = connect.get();
        } catch (RuntimeException e) {
            connecting = CompletableFuture.failedFuture(e);
        }
        connecting.whenComplete((opened, failure) -> {
            if (opened == null) {
                failed(mine, failure);
            } else {
                opened(mine, opened);
            }
        });
        return mine;
    }

    /** Sends {@code call}, or refuses it if there is no connection and none is being made for the first time. */
    void dispatch(Call<?, ?> call) {
        StatefulRedisConnection<byte[], byte[]> current = connection;
        if (current != null) {
            hand(call, current);
            return;
        }
        RedisFailure refusal = null;
        synchronized (this) {
            if (connection != null) {
                current = connection;
            } else if (closed) {
                refusal = closedFailure();
            } else if (lastFailure != null) {
                refusal = lastFailure;
            } else {
                waiting.add(call);
            }
        }
        if (current != null) {
            hand(call, current);
        } else if (refusal != null) {
            call.refuse(refusal);
        } else {
            open();
        }
    }

    /** Closes the connection and makes no other. */
    CompletableFuture<Void> close() {
        StatefulRedisConnection<byte[], byte[]> last;
        List<Call<?, ?>> refused;
        synchronized (this) {
            closed = true;
            last = connection;
            connection = null;
            refused = drained();
        }
        refused.forEach(call -> call.refuse(closedFailure()));
        return last == null ? CompletableFuture.completedFuture(null) : last.closeAsync();
    }

    private void opened(CompletableFuture<Void> mine, StatefulRedisConnection<byte[], byte[]> opened) {
        boolean kept;
        boolean recovered;
        long downMillis;
        synchronized (this) {
            kept = !closed;
            recovered = lastFailure != null;
            downMillis = (System.nanoTime() - downSince) / 1_000_000;
            attempt = null;
            if (kept) {
                lastFailure = null;
                failures = 0;
                // Whoever waited goes first: its thread may already have a second command for the same key.
                drained().forEach(call -> hand(call, opened));
                connection = opened;
            }
        }
        if (!kept) {
            opened.closeAsync();
            mine.completeExceptionally(closedFailure());
            return;
        }
        opened.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                lost(opened);
            }
        });
        if (!opened.isOpen()) {
            // It went before anybody listened.
            lost(opened);
        }
        if (recovered) {
            LOG.info("Redis at {} is back after {} ms", address, downMillis);
        }
        mine.complete(null);
    }

    private void failed(CompletableFuture<Void> mine, @Nullable Throwable thrown) {
        RedisFailure failure =
                Failures.connecting(address, thrown == null ? new IllegalStateException("no connection") : thrown);
        boolean first;
        List<Call<?, ?>> refused;
        synchronized (this) {
            attempt = null;
            refused = drained();
            first = lastFailure == null;
            lastFailure = failure;
            if (first) {
                downSince = System.nanoTime();
            }
            failures++;
            retryLater();
            first &= !closed;
        }
        refused.forEach(call -> call.refuse(failure));
        if (first) {
            LOG.warn("{}; trying again until it is there", failure.text());
        }
        mine.completeExceptionally(failure);
    }

    @SuppressWarnings("ReferenceEquality") // that very connection
    private void lost(StatefulRedisConnection<byte[], byte[]> gone) {
        synchronized (this) {
            if (connection != gone) {
                return;
            }
            connection = null;
            lastFailure = new RedisUnavailableException("the connection to Redis at " + address + " was lost", null);
            downSince = System.nanoTime();
            retryLater();
        }
        LOG.warn("The connection to Redis at {} was lost; connecting again", address);
        gone.closeAsync();
    }

    private synchronized void retryLater() {
        if (closed || retryPending) {
            return;
        }
        retryPending = true;
        int bound = (int) Math.min(LONGEST_PAUSE_MILLIS, (long) FIRST_PAUSE_MILLIS << Math.min(failures, 10));
        int pause = Math.max(SHORTEST_PAUSE_MILLIS, ThreadLocalRandom.current().nextInt(bound + 1));
        try {
            executor.schedule(this::retry, pause, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            closed = true;
        }
    }

    private void retry() {
        synchronized (this) {
            retryPending = false;
            if (closed) {
                return;
            }
        }
        open();
    }

    /** Returns the calls that wait for the first connection, in their order, and forgets them. */
    private List<Call<?, ?>> drained() {
        List<Call<?, ?>> calls = List.copyOf(waiting);
        waiting.clear();
        return calls;
    }

    private static void hand(Call<?, ?> call, StatefulRedisConnection<byte[], byte[]> connection) {
        if (!call.claim()) {
            return;
        }
        try {
            connection.dispatch(call);
        } catch (RuntimeException e) {
            call.completeExceptionally(e);
        }
    }

    private RedisFailure closedFailure() {
        return new RedisUnavailableException("the manager of Redis at " + address + " is closed", null);
    }
}
