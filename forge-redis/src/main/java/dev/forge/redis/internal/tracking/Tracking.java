package dev.forge.redis.internal.tracking;

import dev.forge.redis.internal.command.CommandDispatcher;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallOwner;
import dev.forge.redis.internal.protocol.Calls;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.observe.ConnectionStats.TrackingState;
import dev.forge.redis.settings.RedisSettings;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads that Redis invalidates when the value changes: the base of the near cache and of waiting for a lease.
 *
 * <p>Each primary has a separate connection for this, with {@code CLIENT TRACKING}. A value that {@link #read} reads on
 * it is current to within {@link RedisSettings#nearMaxStaleness()} as long as its {@link TrackingEpoch} is trusted and
 * no {@link Listener} was notified of a change of the key. The proof and its limits are in docs/near-cache.md.
 *
 * <p>While Redis is unavailable or unresponsive, no epoch is trusted, and callers read on ordinary connections. The
 * first call of {@link #epochOf} connects; a lost connection is made again automatically. {@link #state()} returns the
 * current state. Nothing here blocks. Keys are those of the operations of
 * {@link dev.forge.redis.RedisManager RedisManager}.
 *
 * <p>Thread-safe.
 */
public final class Tracking {

    private final CommandDispatcher dispatcher;
    private final String keyPrefix;
    private final ChangeListeners listeners;
    private final TrackingLinks links;

    /** Receives changes on threads that serve connections. Methods must be short, and must not throw. */
    public interface Listener {

        /** Called when the value of {@code key} has changed or may have. */
        void changed(String key);

        /** Called when an epoch has ended: anything read in it may have changed. It is no longer trusted by then. */
        void allChanged();
    }

    /**
     * Whether Redis sends invalidations.
     *
     * @param reason why some primary does not, or null if each does or none was asked to
     */
    public record State(TrackingState kind, @Nullable String reason) {

        /** Returns it as the text of {@link dev.forge.redis.health.Health.Details#tracking()}. */
        public String text() {
            String name = kind.name().toLowerCase(Locale.ROOT);
            return reason == null ? name : name + ": " + reason;
        }
    }

    public Tracking(
            CommandDispatcher dispatcher,
            ConnectionFactory connectionFactory,
            RedisSettings settings,
            Scheduler scheduler) {
        this.dispatcher = dispatcher;
        this.keyPrefix = settings.keyPrefix();
        this.listeners = new ChangeListeners(keyPrefix);
        this.links = new TrackingLinks(dispatcher.router(), connectionFactory, settings, listeners, scheduler);
    }

    /** Notifies {@code listener} of every change from now on, for as long as something else refers to it. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /**
     * Returns the epoch in which to read {@code key}, or null if none is trusted now.
     *
     * <p>Null is normal: at first, while Redis is unavailable, and always if {@link #state()} is off.
     */
    public @Nullable TrackingEpoch epochOf(String key) {
        links.start();
        TrackingLink link = links.of(key);
        TrackingEpoch epoch = link == null ? null : link.epoch();
        return epoch != null && epoch.isTrusted(System.nanoTime()) ? epoch : null;
    }

    /**
     * Reads the value of {@code key} and its remaining TTL in {@code epoch}, which {@link #epochOf} has returned for
     * that key.
     *
     * <p>Ends by its deadline, like every call. If the connection is lost meanwhile or is full, or another node serves
     * the key, the bytes are read on an ordinary connection, and the result is not tracked. A tracked result may be
     * kept while the epoch is trusted, if no listener was notified of a change of the key since before this call.
     */
    public CompletableFuture<TrackedRead> read(TrackingEpoch epoch, String key) {
        byte[] name = RedisKey.bytes(keyPrefix, key);
        long sentAt = System.nanoTime();
        TrackedGet owner = new TrackedGet(dispatcher, epoch);
        Call<Optional<byte[]>> get = watched(Command.GET, name, new Reply.Value<>(Reply::copied), owner, sentAt);
        Call<Long> pttl = watched(Command.PTTL, name, new Reply.Count(), CallOwner.NONE, sentAt);
        // In this order: the invalidation of a change in between arrives before the second reply.
        PipelinedConnection pipeline = epoch.pipeline();
        if (pipeline == null || !pipeline.offer(get)) {
            owner.leave();
            dispatcher.router().dispatch(get);
        }
        if (pipeline == null || !pipeline.offer(pttl)) {
            pttl.refuse(PipelinedConnection.full(dispatcher.address()));
        }
        return get.thenCombine(
                pttl.exceptionally(failure -> TrackedRead.NO_KEY),
                (bytes, left) -> new TrackedRead(bytes, left, sentAt, !owner.isElsewhere()));
    }

    /** Returns a call that ends by its deadline, although the dispatcher does not send it. */
    private <T> Call<T> watched(Command command, byte[] name, Reply<T> reply, CallOwner owner, long sentAt) {
        byte[][] arguments = {command.getBytes(), name};
        Call<T> call = Calls.of(command, arguments, name, reply, owner, sentAt, dispatcher.observers());
        dispatcher.watch(call);
        return call;
    }

    /**
     * Watches {@code key} until it changes in {@code epoch}, or the epoch ends. To miss no change, watch first, then
     * read.
     *
     * @return empty if {@value ChangeListeners#MOST_WATCHED} other keys are being watched
     */
    public Optional<KeyWatch> watch(TrackingEpoch epoch, String key) {
        return listeners.watch(epoch, key);
    }

    /** Returns whether Redis sends invalidations. */
    public State state() {
        if (!links.isStarted()) {
            return new State(TrackingState.UNUSED, null);
        }
        String degraded = links.all().isEmpty() ? "not connected yet" : null;
        for (TrackingLink link : links.all()) {
            TrackingLink.Trouble trouble = link.trouble();
            if (trouble != null && trouble.lasting()) {
                return new State(TrackingState.OFF, trouble.reason());
            }
            TrackingEpoch epoch = link.epoch();
            if (epoch == null || !epoch.isTrusted(System.nanoTime())) {
                degraded = trouble != null
                        ? trouble.reason()
                        : epoch == null ? "not connected yet" : "the server has not answered in time";
            }
        }
        return new State(degraded == null ? TrackingState.LIVE : TrackingState.DEGRADED, degraded);
    }

    public void close() {
        links.close();
        listeners.close();
    }
}
