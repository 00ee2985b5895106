package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis: opened on request, and opened again whenever it is lost, until it is closed.
 *
 * <p>A lost connection fails its commands. The next connection starts empty: the name is resolved and the password read
 * again. {@link ConnectAttempts} says how long an attempt may take, and how long to wait before the next one.
 *
 * <p>While there is no connection, calls are refused at once; the one attempt under way is the probe that ends this.
 * During the first attempt, calls wait for its outcome, in order. They also wait after the server has closed the
 * connection because of one command, since that server is healthy.
 *
 * <p>A connection that leads to the wrong server is replaced: it serves until the new one is open.
 */
public final class ReconnectingConnection {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");

    // A connection that is lost sooner counts as a failed attempt.
    private static final Duration STEADY = Duration.ofMillis(200);

    private final Connector connector;
    private final String address;
    private final ConnectAttempts attempts;
    private final Scheduler scheduler;
    private final Runnable changed;

    private volatile @Nullable PipelinedConnection pipeline;

    // Guarded by this.
    private final WaitingCalls waiting;
    private final ConnectionOutage outage;
    private @Nullable CompletableFuture<Void> attempt;
    private boolean closed;
    private boolean renewing;

    /** @param changed runs whenever the connection has opened, been lost, or could not be made */
    public ReconnectingConnection(
            Connector connector, String address, Duration longestPatience, Scheduler scheduler, Runnable changed) {
        this.connector = connector;
        this.address = address;
        this.attempts = new ConnectAttempts(longestPatience, STEADY, scheduler);
        this.scheduler = scheduler;
        this.changed = changed;
        this.waiting = new WaitingCalls(address);
        this.outage = new ConnectionOutage(address);
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
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(outage.closed());
            }
            if (pipeline != null && !instead) {
                return CompletableFuture.completedFuture(null);
            }
            if (attempt != null) {
                return attempt;
            }
            mine = new CompletableFuture<>();
            attempt = mine;
        }
        try {
            attempts.start(by).whenComplete((opened, failure) -> {
                if (opened == null) {
                    failed(mine, failure);
                } else {
                    opened(mine, opened);
                }
            });
        } catch (Throwable e) {
            // For example for lack of stack, on the thread of a caller: the next call attempts it again.
            synchronized (this) {
                attempt = null;
                renewing = false;
            }
            mine.completeExceptionally(e);
            throw e;
        }
        return mine;
    }

    /**
     * Keeps {@code call} until the first attempt has ended, or refuses it once that has failed.
     *
     * @return the connection, if there is one by now: the caller must send the call there
     */
    @Nullable
    public PipelinedConnection dispatch(Call<?> call) {
        return connectionOrKeep(call, false);
    }

    /** Keeps a read whose connection was lost until the next attempt has ended; if that fails, so does the read. */
    public void dispatchAgain(Call<?> call) {
        PipelinedConnection current = connectionOrKeep(call, true);
        if (current != null) {
            current.hand(call);
        }
    }

    /** @param inOutage whether the call waits even if there is a reason why calls fail */
    private @Nullable PipelinedConnection connectionOrKeep(Call<?> call, boolean inOutage) {
        RedisFailure refusal;
        boolean pausing;
        synchronized (this) {
            PipelinedConnection current = pipeline;
            if (current != null) {
                return current;
            }
            refusal = keep(call, inOutage);
            pausing = attempts.isPausing();
        }
        if (refusal != null) {
            call.refuse(refusal);
        } else if (!pausing) {
            open();
        }
        return null;
    }

    private @Nullable RedisFailure keep(Call<?> call, boolean inOutage) {
        RedisFailure reason = closed ? outage.closed() : inOutage ? null : outage.reason();
        return reason == null ? waiting.add(call) : reason;
    }

    /** Returns why there is no connection; null if there is one or none was tried. */
    synchronized @Nullable public RedisFailure failure() {
        return outage.reason();
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
    @SuppressWarnings("ReferenceEquality") // the same connection
    public void renew(Call<?> call, PipelinedConnection stale) {
        PipelinedConnection current;
        RedisFailure refusal = null;
        boolean now = false;
        synchronized (this) {
            current = pipeline == stale ? null : pipeline;
            if (current == null) {
                refusal = keep(call, true);
                if (refusal == null && pipeline != null && !renewing) {
                    renewing = true;
                    now = attempts.lost();
                    if (!now) {
                        retryLater();
                    }
                }
            }
        }
        if (current != null) {
            current.hand(call);
        } else if (refusal != null) {
            call.refuse(refusal);
        } else if (now) {
            attempt(connector, true);
        }
    }

    /** Closes the connection, ends an attempt under way, and opens no other. */
    public void close() {
        PipelinedConnection last;
        List<Call<?>> refused;
        synchronized (this) {
            closed = true;
            last = pipeline;
            pipeline = null;
            refused = waiting.takeAll();
        }
        refused.forEach(call -> call.refuse(outage.closed()));
        attempts.close(outage.closed());
        if (last != null) {
            last.close();
        }
    }

    private void opened(CompletableFuture<Void> mine, PipelinedConnection opened) {
        boolean kept;
        boolean replaced;
        long downMillis = ConnectionOutage.NONE;
        synchronized (this) {
            kept = !closed;
            replaced = pipeline != null;
            renewing = false;
            attempt = null;
            if (kept) {
                downMillis = outage.end();
                opened.open(() -> lost(opened));
                // Waiting calls go first, so that later commands of a thread stay behind its earlier ones.
                waiting.takeAll().forEach(opened::hand);
                pipeline = opened;
            }
        }
        if (!kept) {
            opened.close();
            mine.completeExceptionally(outage.closed());
            return;
        }
        if (!opened.isOpen()) {
            // It was lost before onClose was set.
            lost(opened);
        }
        changed.run();
        if (downMillis != ConnectionOutage.NONE) {
            LOG.info("Redis at {} is back after {} ms", outage.at(opened), downMillis);
        } else if (replaced) {
            LOG.info(
                    "Connected again to Redis at {}, because the old connection led to the wrong server",
                    outage.at(opened));
        }
        mine.complete(null);
    }

    private void failed(CompletableFuture<Void> mine, Throwable thrown) {
        RedisFailure failure = Failures.connecting(address, Futures.unwrapped(thrown));
        boolean isNew = false;
        boolean without;
        List<Call<?>> refused;
        synchronized (this) {
            attempt = null;
            renewing = false;
            refused = waiting.takeAll();
            without = pipeline == null;
            if (without) {
                isNew = outage.failed(failure) && !closed;
                retryLater();
            }
        }
        if (without) {
            changed.run();
        }
        if (isNew) {
            LOG.warn("{}; trying again until it is there", failure.text());
        }
        scheduler.background().execute(() -> {
            refused.forEach(call -> call.refuse(failure));
            mine.completeExceptionally(failure);
        });
    }

    @SuppressWarnings("ReferenceEquality") // the same connection
    private void lost(PipelinedConnection gone) {
        boolean atOnce;
        String loss;
        synchronized (this) {
            if (pipeline != gone) {
                return;
            }
            pipeline = null;
            renewing = false;
            loss = outage.lost(gone);
            boolean lasted = attempts.lost();
            atOnce = lasted && gone.isCutOff();
            if (!atOnce) {
                retryLater();
            }
        }
        changed.run();
        if (loss != null) {
            LOG.warn("{}; connecting again", loss);
        }
        if (atOnce) {
            open();
        }
    }

    /** Plans the next attempt if there is neither one nor a connection; to be called regularly. */
    public synchronized void ensureRetried() {
        if (pipeline == null && attempt == null && outage.reason() != null) {
            retryLater();
        }
    }

    private void retryLater() {
        try {
            closed = closed || !attempts.later(this::retry);
        } catch (OutOfMemoryError e) {
            // For lack of memory or threads: it is tried again, see above.
        }
    }

    private void retry() {
        boolean instead;
        synchronized (this) {
            instead = renewing;
        }
        attempt(connector, instead);
    }
}
