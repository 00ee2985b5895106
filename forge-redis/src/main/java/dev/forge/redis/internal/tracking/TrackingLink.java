package dev.forge.redis.internal.tracking;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.ConnectAttempts;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.connection.PushListener;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection on which one primary sends invalidations: made on request, and again whenever it is lost.
 *
 * <p>A lost connection is made again, see {@link ConnectAttempts}. A server that cannot send invalidations, or does
 * not permit this user to receive them, is tried only every {@value #REFUSED_PAUSE_MILLIS} ms, and is logged once. Any
 * other trouble is logged once it has lasted for {@value #QUIET_MILLIS} ms: other connections may work meanwhile, so
 * that nothing else would say it.
 */
final class TrackingLink {

    static final int REFUSED_PAUSE_MILLIS = 30_000;

    static final int QUIET_MILLIS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.tracking");

    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(5);

    // A connection that is lost sooner counts as a failed attempt.
    private static final Duration STEADY = Duration.ofSeconds(1);

    private final String address;
    private final Function<PushListener, Connector> connector;
    private final Supplier<Call<Boolean>> question;
    private final Duration staleness;
    private final ChangeListeners listeners;
    private final Scheduler scheduler;
    private final Runnable suspect;
    private final ConnectAttempts attempts;

    private volatile @Nullable TrackedConnection current;
    private volatile @Nullable Trouble trouble;

    // Guarded by this.
    private boolean underWay;
    private boolean closed;
    private @Nullable String logged;
    private long troubledAt;

    /** Why there are no invalidations at the moment, and whether that will last. */
    record Trouble(String reason, boolean lasting) {}

    /**
     * @param connector creates the connector for a listener
     * @param question creates the question whether the server is the primary of its keys
     * @param suspect runs when another server may be the primary now
     */
    TrackingLink(
            String address,
            Function<PushListener, Connector> connector,
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
        this.attempts = new ConnectAttempts(LONGEST_PATIENCE, STEADY, scheduler);
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
        synchronized (this) {
            if (closed || underWay || current != null) {
                return;
            }
            underWay = true;
        }
        TrackedConnection attempt = new TrackedConnection(staleness, question, listeners, this::lost);
        attempts.start(patience -> connector
                        .apply(attempt)
                        .connect(patience)
                        .thenCompose(opened -> attempt.begin(opened).thenApply(begun -> opened)))
                .whenComplete((opened, failure) -> ended(attempt, failure));
    }

    /** Asks the server again, see {@link TrackedConnection#beat()}. */
    void beat() {
        TrackedConnection connection = current;
        if (connection == null) {
            return;
        }
        TrackingEpoch epoch = connection.epoch();
        if (epoch != null && epoch.isOver()) {
            // A reply has shown that keys are on another node now.
            startOver();
        }
        connection.beat();
    }

    /** Checks whether the server replies at all, see {@link TrackedConnection#look()}. */
    void look() {
        TrackedConnection connection = current;
        if (connection != null) {
            connection.look();
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
                trouble = null;
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

    /** Connects again, unless the link has not adopted that connection yet. */
    @SuppressWarnings("ReferenceEquality") // the same connection
    private void lost(TrackedConnection gone) {
        boolean scheduled;
        synchronized (this) {
            if (current != gone) {
                return;
            }
            current = null;
            troubled(new Trouble("the connection was lost", false));
            attempts.lost();
            scheduled = attempts.later(this::open);
        }
        suspect.run();
        closeUnless(scheduled);
    }

    private void failed(Throwable thrown) {
        Throwable cause = Futures.unwrapped(thrown);
        Trouble now = new Trouble(reason(cause), isLasting(cause));
        boolean isNew;
        boolean scheduled;
        synchronized (this) {
            underWay = false;
            troubled(now);
            isNew = !closed && isNews(now);
            if (isNew) {
                logged = now.reason();
            }
            scheduled = now.lasting() ? attempts.later(this::open, REFUSED_PAUSE_MILLIS) : attempts.later(this::open);
        }
        if (isNew) {
            LOG.warn("Redis at {} sends no invalidations, so the near cache is off: {}", address, now.reason());
        }
        suspect.run();
        closeUnless(scheduled);
    }

    private void troubled(Trouble now) {
        if (trouble == null) {
            troubledAt = System.nanoTime();
        }
        trouble = now;
    }

    private boolean isNews(Trouble now) {
        return now.lasting()
                ? !now.reason().equals(logged)
                : logged == null && System.nanoTime() - troubledAt >= QUIET_MILLIS * 1_000_000L;
    }

    /** Closes the link if there is no next attempt, because the manager has closed. */
    private void closeUnless(boolean scheduled) {
        if (!scheduled) {
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
