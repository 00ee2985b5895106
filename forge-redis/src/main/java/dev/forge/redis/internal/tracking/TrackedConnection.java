package dev.forge.redis.internal.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.internal.connection.KnownServerBugs;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.ServerInfo;
import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.api.push.PushMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection on which a server tells of changes, and the generation that is current on it.
 *
 * <p>Answers and news come in the order in which the server made them, and are handled in that order on the event loop. So the
 * answer to a question that was asked at some moment proves that every change before that moment has been heard. The question
 * is one that only a server in charge of its keys answers well: PING would be answered by any.
 */
final class TrackedConnection implements PushListener {

    /** So many questions without an answer, asked one after the other, mean that the server is gone. */
    static final int MOST_UNANSWERED = 6;

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");

    private final Duration staleness;
    private final Supplier<Call<Boolean>> question;
    private final ChangeListeners listeners;
    private final Runnable lost;
    private final AtomicInteger unanswered = new AtomicInteger();

    private volatile @Nullable TrackingEpoch epoch;

    // Guarded by this.
    private @Nullable PipelinedConnection pipeline;
    private @Nullable Freshness freshness;
    private boolean closed;

    /**
     * @param question makes what asks the server whether it is in charge of its keys
     * @param lost runs once the connection is gone after it has begun, on the event loop
     */
    TrackedConnection(Duration staleness, Supplier<Call<Boolean>> question, ChangeListeners listeners, Runnable lost) {
        this.staleness = staleness;
        this.question = question;
        this.listeners = listeners;
        this.lost = lost;
    }

    /** Has the server tell of changes from now on; this object listens already. */
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
        return on.thenCombine(isOn, (done, flag) -> flag).thenCombine(inCharge, (tracks, primary) -> {
            if (!primary) {
                throw new IllegalStateException(opened.address() + " is no primary");
            }
            if (!tracks) {
                throw new NoTrackingException(opened.address() + " accepts CLIENT TRACKING and does not do it");
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

    /** Returns the generation that is current, or null if there is none any more. */
    @Nullable
    TrackingEpoch epoch() {
        return epoch;
    }

    /** Asks the server again whether all has been heard, or gives it up if it has not answered for too long. */
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
        TrackingEpoch now = epoch;
        if (now != null && now.isOver()) {
            // An answer has said that keys are elsewhere.
            replaceEpoch();
        }
        long askedAt = System.nanoTime();
        // Counted, because a pause of this process is no fault of the server: nothing may be served, but nothing is
        // lost.
        if (known.hasLapsed(askedAt) && unanswered.get() >= MOST_UNANSWERED) {
            close();
            return;
        }
        unanswered.incrementAndGet();
        Call<Boolean> call = question.get();
        // Before it is sent, so that it is handled on the event loop, in the order of what comes.
        call.whenComplete((primary, failure) -> {
            if (failure != null || !primary) {
                close();
            } else {
                heard(known, askedAt);
            }
        });
        current.urge(call);
        current.monitor().look();
    }

    private void heard(Freshness known, long askedAt) {
        unanswered.set(0);
        TrackingEpoch ended = null;
        if (known.hasLapsed(System.nanoTime())) {
            // A reader may have picked a value before the news that came with this answer, and look at the clock after
            // it.
            ended = replaceEpoch();
        }
        known.renew(askedAt);
        if (ended != null) {
            listeners.allChanged(ended);
        }
    }

    /** Ends the generation and begins another on the same connection; returns the one that has ended, or null. */
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
    public void onPushMessage(PushMessage message) {
        try {
            if ("invalidate".equals(message.getType())) {
                invalidated(message.getContent());
            }
        } catch (Throwable e) {
            // What could not be told must not be believed any longer.
            LOG.warn("A change in Redis could not be told: {}", e.toString());
            close();
        }
    }

    private void invalidated(List<Object> content) {
        Object keys = content.size() > 1 ? content.get(1) : null;
        if (keys instanceof List<?> list && !list.isEmpty()) {
            for (Object key : list) {
                // A copy of the position: the client may show the same buffer to others.
                listeners.changed(UTF_8.decode(((ByteBuffer) key).duplicate()).toString());
            }
            return;
        }
        // Everything: the database was flushed, or loaded again.
        TrackingEpoch ended = replaceEpoch();
        if (ended != null) {
            listeners.allChanged(ended);
        }
    }

    /** Ends the generation at once, and the connection. */
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

    /** The connection is gone, and its calls are about to fail. Runs on the event loop. */
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
        lost.run();
    }

    private void end() {
        TrackingEpoch current = epoch;
        if (current != null) {
            current.end();
        }
    }
}
