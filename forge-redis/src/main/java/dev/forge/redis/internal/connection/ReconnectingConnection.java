package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis: opened on request, and opened again whenever it is lost, until it is closed.
 *
 * <p>The client does not reconnect, because it would send commands of the lost connection again, which could run them
 * twice. Here a lost connection fails its commands. After a {@link ReconnectPause} the next one starts empty: the name
 * is resolved and the password read again. An attempt is given up after one second, and after longer once that has not
 * been enough.
 *
 * <p>While there is no connection, calls are refused at once; the one attempt under way is the probe that ends this.
 * During the first attempt, calls wait for its outcome, in order. They also wait after the server has closed the
 * connection because of one command, since that server is healthy.
 *
 * <p>A connection that leads to the wrong server is replaced: it serves until the new one is open.
 */
public final class ReconnectingConnection {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(1);

    // A JVM that has just started is slow at its first connection.
    private static final Duration COLD_PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 10;

    // A connection that is lost sooner counts as a failed attempt.
    private static final long STEADY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Makes one connection, logged in and ready. */
    public interface Connector {
        /** Connects or fails, at the latest shortly after {@code patience}. */
        CompletionStage<PipelinedConnection> connect(Duration patience);
    }

    private final Connector connector;
    private final String address;
    private final Duration longestPatience;
    private final Scheduler scheduler;
    private final Runnable changed;
    private final RedisFailure full;

    private volatile @Nullable PipelinedConnection pipeline;

    // Guarded by this.
    private final Queue<Call<?>> waiting = new ArrayDeque<>();
    private @Nullable CompletableFuture<Void> attempt;
    private @Nullable RedisFailure lastFailure;
    private boolean cold = true;
    private boolean closed;
    private boolean retryPending;
    private boolean renewing;
    private boolean failing;
    private int failures;
    private int timeouts;
    private long downSince;
    private long openedAt;

    /** @param changed runs whenever the connection has opened, been lost, or could not be made */
    public ReconnectingConnection(
            Connector connector, String address, Duration longestPatience, Scheduler scheduler, Runnable changed) {
        this.connector = connector;
        this.address = address;
        this.longestPatience = longestPatience;
        this.scheduler = scheduler;
        this.changed = changed;
        this.full = PipelinedConnection.full(address);
    }

    @Nullable
    public PipelinedConnection pipeline() {
        return pipeline;
    }

    /** Connects unless that is done or under way; the result completes as the attempt does. */
    public CompletableFuture<Void> open() {
        return attempt(connector, false);
    }

    /** @param instead whether to replace the current connection */
    private CompletableFuture<Void> attempt(Connector by, boolean instead) {
        CompletableFuture<Void> mine;
        Duration patience;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(closedFailure());
            }
            if (pipeline != null && !instead) {
                return CompletableFuture.completedFuture(null);
            }
            if (attempt != null) {
                return attempt;
            }
            mine = new CompletableFuture<>();
            attempt = mine;
            patience = cold ? COLD_PATIENCE : FIRST_PATIENCE.multipliedBy(1L << Math.min(timeouts, MOST_DOUBLINGS));
        }
        connect(by, patience.compareTo(longestPatience) < 0 ? patience : longestPatience, scheduler)
                .whenComplete((opened, failure) -> {
                    if (opened == null) {
                        failed(mine, failure);
                    } else {
                        opened(mine, opened);
                    }
                });
        return mine;
    }

    /**
     * Keeps {@code call} until the first attempt has ended, or refuses it once that has failed.
     *
     * @return the connection, if there is one by now: the caller must send the call there
     */
    @Nullable
    public PipelinedConnection dispatch(Call<?> call) {
        PipelinedConnection current;
        RedisFailure refusal = null;
        boolean pausing;
        synchronized (this) {
            current = pipeline;
            pausing = retryPending;
            if (current == null) {
                if (closed) {
                    refusal = closedFailure();
                } else if (lastFailure != null) {
                    refusal = lastFailure;
                } else {
                    refusal = keep(call);
                }
            }
        }
        if (refusal != null) {
            call.refuse(refusal);
        } else if (current == null && !pausing) {
            open();
        }
        return current;
    }

    /** Keeps a read whose connection was lost until the next attempt has ended; if that fails, so does the read. */
    public void dispatchAgain(Call<?> call) {
        PipelinedConnection current;
        RedisFailure refusal = null;
        synchronized (this) {
            current = pipeline;
            if (current == null) {
                refusal = closed ? closedFailure() : keep(call);
            }
        }
        if (current != null) {
            hand(call, current);
        } else if (refusal != null) {
            call.refuse(refusal);
        }
    }

    private @Nullable RedisFailure keep(Call<?> call) {
        if (waiting.size() >= PipelinedConnection.MOST_IN_FLIGHT) {
            return full;
        }
        waiting.add(call);
        return null;
    }

    /** Returns why there is no connection; null if there is one or none was tried. */
    synchronized @Nullable public RedisFailure failure() {
        return lastFailure;
    }

    /** Returns whether there is no connection, and the last attempt to make one has failed. */
    public synchronized boolean isFailing() {
        return failing;
    }

    /** Returns how many calls wait for a connection. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** Replaces the connection with one that {@code by} makes; if that fails, the old one stays. */
    public void replace(Connector by) {
        if (pipeline != null) {
            attempt(by, true);
        }
    }

    /**
     * Keeps {@code call}, which has not run, for a connection that is newer than {@code stale}.
     *
     * <p>The old connection stays until the new one is open; if that cannot be made, the call fails. If new connections
     * prove stale again and again, each replacement waits for a {@link ReconnectPause}.
     */
    @SuppressWarnings("ReferenceEquality")
    public // that very connection
    void renew(Call<?> call, PipelinedConnection stale) {
        RedisFailure refusal;
        boolean now = false;
        synchronized (this) {
            if (pipeline != null && pipeline != stale) {
                hand(call, pipeline);
                return;
            }
            refusal = closed ? closedFailure() : keep(call);
            if (refusal == null && pipeline != null && !renewing) {
                renewing = true;
                now = System.nanoTime() - openedAt >= STEADY_NANOS;
                failures = now ? 0 : failures + 1;
                if (!now) {
                    retryLater();
                }
            }
        }
        if (refusal != null) {
            call.refuse(refusal);
        } else if (now) {
            attempt(connector, true);
        }
    }

    /** Closes the connection, and opens no other. */
    public void close() {
        PipelinedConnection last;
        List<Call<?>> refused;
        synchronized (this) {
            closed = true;
            last = pipeline;
            pipeline = null;
            refused = drained();
        }
        refused.forEach(call -> call.refuse(closedFailure()));
        if (last != null) {
            last.close();
        }
    }

    /**
     * Connects with {@code connector}, and fails once {@code patience} is over whatever that does.
     *
     * <p>A connection that opens later is closed.
     */
    public static CompletableFuture<PipelinedConnection> connect(
            Connector connector, Duration patience, Scheduler scheduler) {
        CompletableFuture<PipelinedConnection> inTime = new CompletableFuture<>();
        try {
            Future<?> timer =
                    scheduler.schedule(() -> inTime.completeExceptionally(new TimeoutException()), patience.toMillis());
            connector.connect(patience).whenComplete((opened, failure) -> {
                timer.cancel(false);
                if (opened == null) {
                    inTime.completeExceptionally(
                            failure == null ? new IllegalStateException("no connection") : failure);
                } else if (!inTime.complete(opened)) {
                    opened.close();
                }
            });
        } catch (Throwable e) {
            // Also errors for want of memory or threads: the next attempt may succeed.
            inTime.completeExceptionally(e);
        }
        return inTime;
    }

    private void opened(CompletableFuture<Void> mine, PipelinedConnection opened) {
        boolean kept;
        boolean recovered;
        boolean replaced;
        long downMillis;
        synchronized (this) {
            kept = !closed;
            replaced = pipeline != null;
            renewing = false;
            failing = false;
            recovered = lastFailure != null;
            downMillis = (System.nanoTime() - downSince) / 1_000_000;
            attempt = null;
            cold = false;
            if (kept) {
                lastFailure = null;
                timeouts = 0;
                openedAt = System.nanoTime();
                opened.open(() -> lost(opened));
                // Waiting calls go first, so that later commands of a thread stay behind its earlier ones.
                drained().forEach(call -> hand(call, opened));
                pipeline = opened;
            }
        }
        if (!kept) {
            opened.close();
            mine.completeExceptionally(closedFailure());
            return;
        }
        if (!opened.isOpen()) {
            // It was lost before onClose was set.
            lost(opened);
        }
        changed.run();
        if (recovered) {
            LOG.info("Redis at {} is back after {} ms", address, downMillis);
        } else if (replaced) {
            LOG.info("Connected again to Redis at {}, because the old connection led to the wrong server", address);
        }
        mine.complete(null);
    }

    private void failed(CompletableFuture<Void> mine, Throwable thrown) {
        RedisFailure failure = Failures.connecting(address, Futures.unwrapped(thrown));
        boolean first;
        boolean without;
        List<Call<?>> refused;
        synchronized (this) {
            attempt = null;
            cold = false;
            renewing = false;
            refused = drained();
            without = pipeline == null;
            first = without && lastFailure == null && !closed;
            failures++;
            if (Failures.isTimeout(thrown)) {
                timeouts++;
            }
            if (first) {
                downSince = System.nanoTime();
            }
            if (without) {
                failing = true;
                lastFailure = failure;
                retryLater();
            }
        }
        if (without) {
            changed.run();
        }
        if (first) {
            LOG.warn("{}; trying again until it is there", failure.text());
        }
        scheduler.background().execute(() -> {
            refused.forEach(call -> call.refuse(failure));
            mine.completeExceptionally(failure);
        });
    }

    @SuppressWarnings("ReferenceEquality") // that very connection
    private void lost(PipelinedConnection gone) {
        boolean atOnce;
        synchronized (this) {
            if (pipeline != gone) {
                return;
            }
            pipeline = null;
            renewing = false;
            downSince = System.nanoTime();
            boolean steady = downSince - openedAt >= STEADY_NANOS;
            failures = steady ? 0 : failures + 1;
            atOnce = steady && gone.isCutOff();
            if (!gone.isCutOff()) {
                lastFailure =
                        new RedisUnavailableException("the connection to Redis at " + address + " was lost", null);
            }
            if (!atOnce) {
                retryLater();
            }
        }
        changed.run();
        LOG.warn("The connection to Redis at {} was lost; connecting again", address);
        if (atOnce) {
            open();
        }
    }

    private synchronized void retryLater() {
        if (closed || retryPending) {
            return;
        }
        retryPending = true;
        int pause = ReconnectPause.millis(failures, ThreadLocalRandom.current());
        try {
            var unused = scheduler.schedule(this::retry, pause);
        } catch (RejectedExecutionException e) {
            closed = true;
        }
    }

    private void retry() {
        boolean instead;
        synchronized (this) {
            retryPending = false;
            instead = renewing;
            if (closed) {
                return;
            }
        }
        attempt(connector, instead);
    }

    /** Removes and returns the calls that wait for the next connection, in order. */
    private List<Call<?>> drained() {
        List<Call<?>> calls = List.copyOf(waiting);
        waiting.clear();
        return calls;
    }

    private void hand(Call<?> call, PipelinedConnection to) {
        if (!to.admit(call)) {
            call.refuse(full);
        }
    }

    private RedisFailure closedFailure() {
        return new RedisUnavailableException("the manager of Redis at " + address + " is closed", null);
    }
}
