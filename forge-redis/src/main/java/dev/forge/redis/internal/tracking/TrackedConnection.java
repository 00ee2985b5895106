package dev.forge.redis.internal.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.connection.PushListener;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.KnownServerBugs;
import dev.forge.redis.internal.protocol.ServerInfo;
import dev.forge.redis.internal.thread.Futures;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection on which a server sends invalidations, and its current tracking epoch.
 *
 * <p>Replies and invalidations arrive in the order in which the server produced them, and the reader handles them in
 * that order. So the reply to a question proves that the invalidation of every change before the question was sent
 * has been received. The question is one to which only the primary of the keys gives a positive reply: any server would
 * reply to PING.
 */
final class TrackedConnection implements PushListener {

    /** After so many unanswered questions in a row, the connection is given up. */
    static final int MOST_UNANSWERED = 6;

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.tracking");

    private final Duration staleness;
    private final Supplier<Call<Boolean>> question;
    private final ChangeListeners listeners;
    private final Consumer<TrackedConnection> lost;
    private final AtomicInteger unanswered = new AtomicInteger();

    private volatile @Nullable TrackingEpoch epoch;

    // Guarded by this.
    private @Nullable PipelinedConnection pipeline;
    private @Nullable Freshness freshness;
    private boolean closed;

    /**
     * @param question creates the question whether the server is the primary of its keys
     * @param lost takes this object, on the thread that reads, when the connection is lost after {@link #begin}
     */
    TrackedConnection(
            Duration staleness,
            Supplier<Call<Boolean>> question,
            ChangeListeners listeners,
            Consumer<TrackedConnection> lost) {
        this.staleness = staleness;
        this.question = question;
        this.listeners = listeners;
        this.lost = lost;
    }

    /** Turns tracking on; this object already listens for invalidations. */
    CompletionStage<TrackedConnection> begin(PipelinedConnection opened) {
        synchronized (this) {
            pipeline = opened;
            if (closed) {
                opened.close();
                throw new IllegalStateException("the connection came too late");
            }
        }
        opened.open(this::gone);
        Call<ServerInfo> hello = HandshakeCommands.hello();
        opened.urge(hello);
        return hello.thenCompose(server -> {
            KnownServerBugs.noTracking(server).ifPresent(reason -> {
                throw new NoTrackingException(reason);
            });
            return track(opened);
        });
    }

    private CompletionStage<TrackedConnection> track(PipelinedConnection opened) {
        Call<Void> on = HandshakeCommands.trackingOn();
        Call<Boolean> isOn = HandshakeCommands.isTrackingOn();
        Call<Boolean> inCharge = question.get();
        long askedAt = System.nanoTime();
        opened.urge(on);
        opened.urge(isOn);
        opened.urge(inCharge);
        return on.thenCombine(isOn, (done, flag) -> flag).thenCombine(shown(inCharge), (tracks, primary) -> {
            if (!primary) {
                throw new IllegalStateException(opened.address() + " is not a primary");
            }
            if (!tracks) {
                throw new NoTrackingException(opened.address() + " accepts CLIENT TRACKING but does not turn it on");
            }
            synchronized (this) {
                if (closed) {
                    throw new IllegalStateException("the connection was lost");
                }
                Freshness begun = new Freshness(staleness, askedAt);
                freshness = begun;
                epoch = new TrackingEpoch(opened, begun);
            }
            return this;
        });
    }

    /** Returns the answer to {@code question}, whether it is a reply or a refusal that shows the same. */
    private static CompletionStage<Boolean> shown(Call<Boolean> question) {
        return question.exceptionally(failure -> {
            Throwable cause = Futures.unwrapped(failure);
            // Only the primary of a slot replies that it is moving the slot and no longer has the key.
            if (cause instanceof RedisRefusedException refused && refused.reason() == RefusalReason.ASK) {
                return true;
            }
            throw new CompletionException(cause);
        });
    }

    /** Returns the current epoch, or null if there is none. */
    @Nullable
    TrackingEpoch epoch() {
        return epoch;
    }

    /** Asks the server again, or gives up the connection if it has not replied for too long. */
    void beat() {
        PipelinedConnection current;
        Freshness known;
        synchronized (this) {
            current = pipeline;
            known = closed ? null : freshness;
        }
        if (current == null || known == null) {
            return;
        }
        long askedAt = System.nanoTime();
        // Unanswered questions are counted, because a pause of this process is not the server's fault: then nothing may
        // be served, but the connection is kept.
        if (known.hasLapsed(askedAt) && unanswered.get() >= MOST_UNANSWERED) {
            close();
            return;
        }
        unanswered.incrementAndGet();
        Call<Boolean> call = question.get();
        // Registered before the call is sent, so that it runs on the thread that reads, in the order of arrival.
        shown(call).whenComplete((primary, failure) -> {
            if (failure != null || !primary) {
                close();
            } else {
                heard(known, askedAt);
            }
        });
        current.urge(call);
    }

    /** Checks whether the server replies at all. */
    void look() {
        PipelinedConnection current;
        synchronized (this) {
            current = pipeline;
        }
        if (current != null) {
            current.monitor().look();
        }
    }

    private void heard(Freshness known, long askedAt) {
        unanswered.set(0);
        TrackingEpoch ended = null;
        if (known.hasLapsed(System.nanoTime())) {
            // A reader may have picked a value before an invalidation that came with this reply, and check the clock
            // after it.
            ended = replaceEpoch();
        }
        known.renew(askedAt);
        if (ended != null) {
            listeners.allChanged(ended);
        }
    }

    /** Ends the epoch and begins another on the same connection; returns the ended one, or null. */
    synchronized @Nullable TrackingEpoch replaceEpoch() {
        TrackingEpoch before = epoch;
        if (before == null || closed || pipeline == null || freshness == null) {
            return null;
        }
        before.end();
        epoch = new TrackingEpoch(pipeline, freshness);
        return before;
    }

    @Override
    public void pushed(List<?> message) {
        try {
            if (message.get(0) instanceof byte[] kind && "invalidate".equals(new String(kind, UTF_8))) {
                invalidated(message);
            }
        } catch (Throwable e) {
            // After a lost invalidation, values in memory must no longer be trusted.
            LOG.warn("An invalidation could not be handled, so its connection is replaced: {}", e.toString());
            close();
        }
    }

    private void invalidated(List<?> message) {
        Object keys = message.size() > 1 ? message.get(1) : null;
        if (keys instanceof List<?> list && !list.isEmpty()) {
            for (Object key : list) {
                listeners.changed(new String((byte[]) key, UTF_8));
            }
            return;
        }
        // No keys means every key: the database was flushed or reloaded.
        TrackingEpoch ended = replaceEpoch();
        if (ended != null) {
            listeners.allChanged(ended);
        }
    }

    /** Ends the epoch at once, and closes the connection. */
    void close() {
        PipelinedConnection last;
        synchronized (this) {
            closed = true;
            last = pipeline;
            end();
        }
        if (last != null) {
            last.close();
        }
    }

    /** Called when the connection is lost, before its calls fail. Runs on the thread that reads. */
    private void gone() {
        TrackingEpoch ended;
        synchronized (this) {
            closed = true;
            ended = epoch;
            end();
            epoch = null;
        }
        if (ended != null) {
            listeners.allChanged(ended);
        }
        lost.accept(this);
    }

    private void end() {
        TrackingEpoch current = epoch;
        if (current != null) {
            current.end();
        }
    }
}
