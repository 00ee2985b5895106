package dev.forge.redis.internal.tracking;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.ReconnectPause;
import dev.forge.redis.internal.connection.ReconnectingConnection;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import io.lettuce.core.api.push.PushListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection on which one primary sends invalidations: made on request, and again whenever it is lost.
 *
 * <p>A lost connection is made again after a {@link ReconnectPause}. A server that cannot send invalidations, or does
 * not permit this user to receive them, is tried only every {@value #REFUSED_PAUSE_MILLIS} ms, and is logged once.
 */
final class TrackingLink {

    static final int REFUSED_PAUSE_MILLIS = 30_000;

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    // For a JVM that has just started, or a slow network.
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(5);

    // A connection that is lost sooner counts as a failed attempt.
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String address;
    private final Function<PushListener, ReconnectingConnection.Connector> connector;
    private final Supplier<Call<Boolean>> question;
    private final Duration staleness;
    private final ChangeListeners listeners;
    private final Scheduler scheduler;
    private final Runnable suspect;

    private volatile @Nullable TrackedConnection current;
    private volatile @Nullable Trouble trouble;

    // Guarded by this.
    private boolean underWay;
    private boolean closed;
    private boolean patient = true;
    private int failures;
    private long begunAt;
    private @Nullable String logged;

    /** Why there are no invalidations at the moment, and whether that will last. */
    record Trouble(String reason, boolean lasting) {}

    /**
     * @param connector creates the connector for a listener
     * @param question creates the question whether the server is the primary of its keys
     * @param suspect runs when another server may be the primary now
     */
    TrackingLink(
            String address,
            Function<PushListener, ReconnectingConnection.Connector> connector,
            Supplier<Call<Boolean>> question,
            Duration staleness,
            ChangeListeners listeners,
            Scheduler scheduler,
            Runnable suspect) {
        this.address = address;
        this.connector = connector;
        this.question = question;
        this.staleness = staleness;
        this.listeners = listeners;
        this.scheduler = scheduler;
        this.suspect = suspect;
    }

    /** Returns the current epoch, or null. */
    @Nullable
    TrackingEpoch epoch() {
        TrackedConnection connection = current;
        return connection == null ? null : connection.epoch();
    }

    /** Returns why there are no invalidations, or null while there are, or before the first attempt has ended. */
    @Nullable
    Trouble trouble() {
        return trouble;
    }

    /** Connects, unless that is done or under way. */
    void open() {
        Duration patience;
        synchronized (this) {
            if (closed || underWay || current != null) {
                return;
            }
            underWay = true;
            patience = patient ? LONG_PATIENCE : PATIENCE;
        }
        CompletableFuture<TrackedConnection> inTime = new CompletableFuture<>();
        LostConnection lost = new LostConnection();
        TrackedConnection attempt = new TrackedConnection(staleness, question, listeners, lost);
        lost.connection = attempt;
        inTime.whenComplete((begun, failure) -> ended(attempt, begun == null ? failure : null));
        try {
            Future<?> timer =
                    scheduler.schedule(() -> inTime.completeExceptionally(new TimeoutException()), patience.toMillis());
            connector
                    .apply(attempt)
                    .connect(patience)
                    .thenCompose(attempt::begin)
                    .whenComplete((begun, failure) -> {
                        timer.cancel(false);
                        if (failure != null) {
                            inTime.completeExceptionally(failure);
                        } else if (!inTime.complete(begun)) {
                            attempt.close();
                        }
                    });
        } catch (Throwable e) {
            // Also for lack of memory or threads: the next attempt may have them.
            inTime.completeExceptionally(e);
        }
    }

    /** Notifies the link that a connection is lost, perhaps before the link has adopted it. */
    private final class LostConnection implements Runnable {
        private volatile @Nullable TrackedConnection connection;

        @Override
        public void run() {
            TrackedConnection gone = connection;
            if (gone != null) {
                lost(gone);
            }
        }
    }

    /** Asks the server again, see {@link TrackedConnection#beat()}. */
    void beat() {
        TrackedConnection connection = current;
        if (connection != null) {
            connection.beat();
        }
    }

    /** Ends the epoch and begins another, because keys may have moved. */
    void startOver() {
        TrackedConnection connection = current;
        TrackingEpoch ended = connection == null ? null : connection.replaceEpoch();
        if (ended != null) {
            // This may be the clock thread, which must not run the code of listeners.
            scheduler.background().execute(() -> listeners.allChanged(ended));
        }
    }

    void close() {
        TrackedConnection last;
        synchronized (this) {
            closed = true;
            last = current;
            current = null;
        }
        if (last != null) {
            last.close();
        }
    }

    private void ended(TrackedConnection attempt, @Nullable Throwable failure) {
        if (failure != null) {
            attempt.close();
            failed(failure);
            return;
        }
        boolean kept;
        boolean again;
        synchronized (this) {
            underWay = false;
            kept = !closed;
            again = logged != null;
            if (kept) {
                current = attempt;
                begunAt = System.nanoTime();
                trouble = null;
                patient = false;
                logged = null;
            }
        }
        if (!kept) {
            attempt.close();
            return;
        }
        if (again) {
            LOG.info("Redis at {} sends invalidations again", address);
        }
        if (attempt.epoch() == null) {
            // The connection was lost before the link adopted it.
            lost(attempt);
        }
    }

    @SuppressWarnings("ReferenceEquality") // that very connection
    private void lost(TrackedConnection gone) {
        int pause;
        synchronized (this) {
            if (current != gone) {
                return;
            }
            current = null;
            trouble = new Trouble("the connection was lost", false);
            failures = System.nanoTime() - begunAt < STEADY_NANOS ? failures + 1 : 0;
            pause = ReconnectPause.millis(failures, ThreadLocalRandom.current());
        }
        suspect.run();
        later(pause);
    }

    private void failed(Throwable thrown) {
        Throwable cause = Futures.unwrapped(thrown);
        Trouble now = new Trouble(reason(cause), isLasting(cause));
        int pause;
        boolean isNew;
        synchronized (this) {
            underWay = false;
            patient = cause instanceof TimeoutException;
            failures++;
            trouble = now;
            isNew = now.lasting() && !closed && !now.reason().equals(logged);
            if (isNew) {
                logged = now.reason();
            }
            pause = now.lasting() ? REFUSED_PAUSE_MILLIS : ReconnectPause.millis(failures, ThreadLocalRandom.current());
        }
        if (isNew) {
            LOG.warn("Redis at {} sends no invalidations, so the near cache is off: {}", address, now.reason());
        }
        suspect.run();
        later(pause);
    }

    private void later(int pause) {
        try {
            var unused = scheduler.schedule(this::open, pause);
        } catch (RejectedExecutionException e) {
            close();
        }
    }

    private String reason(Throwable cause) {
        if (cause instanceof NoTrackingException) {
            return String.valueOf(cause.getMessage());
        }
        RedisFailure failure = Failures.connecting(address, cause);
        return failure.text();
    }

    /** Returns whether another attempt soon would fail in the same way. */
    private static boolean isLasting(Throwable cause) {
        if (cause instanceof RedisRefusedException refused) {
            return refused.reason() == RefusalReason.NOPERM || refused.reason() == RefusalReason.OTHER;
        }
        return cause instanceof NoTrackingException;
    }
}
