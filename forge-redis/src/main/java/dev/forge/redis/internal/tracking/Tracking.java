package dev.forge.redis.internal.tracking;

import dev.forge.redis.internal.command.CommandDispatcher;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallOwner;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.route.CommandRouter;
import dev.forge.redis.internal.route.ProbeKeys;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisSettings;
import io.lettuce.core.cluster.SlotHash;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
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

    private static final int BEATS_PER_STALENESS = 5;

    private final CommandRouter router;
    private final ConnectionFactory connectionFactory;
    private final CommandDispatcher dispatcher;
    private final RedisSettings settings;
    private final String endpoint;
    private final Scheduler scheduler;
    private final InstantSource clock = InstantSource.system();
    private final ChangeListeners listeners;
    private final Map<String, TrackingLink> links = new ConcurrentHashMap<>();

    // For each node of a cluster, a key of a slot that it serves.
    private final Map<String, byte[]> probes = new ConcurrentHashMap<>();

    // The version of the router for which the links were made.
    private volatile long version = -1;

    private volatile boolean started;
    private volatile boolean closed;

    // Confined to the scheduler.
    private long beatAt;
    private long beatAtMillis;

    /** Receives changes on threads that serve connections. Methods must be short, and must not throw. */
    public interface Listener {

        /** Called when the value of {@code key} has changed or may have. */
        void changed(String key);

        /** Called when an epoch has ended: anything read in it may have changed. It is no longer trusted by then. */
        void allChanged();
    }

    /** Whether Redis sends invalidations. */
    public sealed interface State {

        /** Every primary does. */
        record Live() implements State {}

        /** Some primary does not at the moment; connecting is tried again. */
        record Degraded(String reason) implements State {}

        /** Not available: the server does not support it, the user is not permitted, or nothing has used it yet. */
        record Off(String reason) implements State {}
    }

    public Tracking(
            CommandDispatcher dispatcher,
            ConnectionFactory connectionFactory,
            RedisSettings settings,
            Scheduler scheduler) {
        this.router = dispatcher.router();
        this.connectionFactory = connectionFactory;
        this.dispatcher = dispatcher;
        this.settings = settings;
        this.endpoint = settings.endpoint().toString();
        this.scheduler = scheduler;
        this.listeners = new ChangeListeners(settings.keyPrefix());
    }

    /** Notifies {@code listener} of every change from now on, until the manager closes. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /**
     * Returns the epoch in which to read {@code key}, or null if none is trusted now.
     *
     * <p>Null is normal: at first, while Redis is unavailable, and always if {@link #state()} is off.
     */
    public @Nullable TrackingEpoch epochOf(String key) {
        start();
        TrackingLink link = linkOf(key);
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
        byte[] name = RedisKey.bytes(settings.keyPrefix(), key);
        long sentAt = System.nanoTime();
        TrackedGet owner = new TrackedGet(dispatcher, epoch);
        Call<Optional<byte[]>> get = new Call<>(
                Command.GET,
                new byte[][] {Command.GET.getBytes(), name},
                name,
                new Reply.Value<>(Reply::copied),
                owner,
                sentAt);
        Call<Long> pttl = new Call<>(
                Command.PTTL,
                new byte[][] {Command.PTTL.getBytes(), name},
                name,
                new Reply.Count(),
                CallOwner.NONE,
                sentAt);
        dispatcher.watch(get);
        dispatcher.watch(pttl);
        // In this order: the invalidation of a change in between arrives before the second reply.
        if (!epoch.pipeline().offer(get)) {
            owner.leave();
            router.dispatch(get);
        }
        if (!epoch.pipeline().offer(pttl)) {
            pttl.refuse(PipelinedConnection.full(epoch.pipeline().address()));
        }
        return get.thenCombine(
                pttl.exceptionally(failure -> TrackedRead.NO_KEY),
                (bytes, left) -> new TrackedRead(bytes, left, sentAt, !owner.isElsewhere()));
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
        if (!started) {
            return new State.Off("not used yet");
        }
        String degraded = links.isEmpty() ? "not connected yet" : null;
        for (TrackingLink link : links.values()) {
            TrackingLink.Trouble trouble = link.trouble();
            if (trouble != null && trouble.lasting()) {
                return new State.Off(trouble.reason());
            }
            TrackingEpoch epoch = link.epoch();
            if (epoch == null || !epoch.isTrusted(System.nanoTime())) {
                degraded = trouble != null
                        ? trouble.reason()
                        : epoch == null ? "not connected yet" : "the server has not answered in time";
            }
        }
        return degraded == null ? new State.Live() : new State.Degraded(degraded);
    }

    /** Returns {@link #state()} as the text of {@link dev.forge.redis.health.Health.Details#tracking()}. */
    public String asText() {
        if (!started) {
            return "unused";
        }
        State now = state();
        return now instanceof State.Off off
                ? "off: " + off.reason()
                : now instanceof State.Degraded degraded ? "degraded: " + degraded.reason() : "live";
    }

    private @Nullable TrackingLink linkOf(String key) {
        if (router.version() != version) {
            return null;
        }
        if (!router.isCluster()) {
            return links.get(endpoint);
        }
        if (router.primaries().isEmpty()) {
            return null;
        }
        int slot = SlotHash.getSlot(RedisKey.bytes(settings.keyPrefix(), key));
        return links.get(router.primaryOf(slot).address());
    }

    private void start() {
        if (started || closed) {
            return;
        }
        synchronized (this) {
            if (started || closed) {
                return;
            }
            started = true;
            beatAt = System.nanoTime();
            beatAtMillis = clock.millis();
        }
        soon(this::align, 0);
        router.open().whenComplete((done, failure) -> soon(this::align, 0));
        soon(this::beat, periodMillis());
    }

    private long periodMillis() {
        return Math.max(1, settings.nearMaxStaleness().toMillis() / BEATS_PER_STALENESS);
    }

    private void soon(Runnable task, long millis) {
        try {
            var unused = scheduler.schedule(task, millis);
        } catch (RejectedExecutionException e) {
            closed = true;
        }
    }

    private void beat() {
        if (closed) {
            return;
        }
        try {
            boolean suspended = wasSuspended();
            align();
            for (TrackingLink link : links.values()) {
                if (suspended) {
                    link.startOver();
                }
                link.beat();
            }
        } finally {
            soon(this::beat, periodMillis());
        }
    }

    /**
     * Returns whether the machine was suspended: its monotonic clock may have stopped, but the staleness bound does
     * not.
     */
    private boolean wasSuspended() {
        long now = System.nanoTime();
        long nowMillis = clock.millis();
        long slept = nowMillis - beatAtMillis - TimeUnit.NANOSECONDS.toMillis(now - beatAt);
        beatAt = now;
        beatAtMillis = nowMillis;
        return slept > settings.nearMaxStaleness().toMillis();
    }

    /** Aligns the links with the current primaries, and ends every epoch if keys may have moved. */
    private synchronized void align() {
        long now = router.version();
        List<RedisNode> primaries = router.primaries();
        if (closed || now == version || primaries.isEmpty()) {
            return;
        }
        if (router.isCluster()) {
            byte[] key = RedisKey.bytes(settings.keyPrefix(), "forge:tracking");
            probes.clear();
            ProbeKeys.find(key, primaries, router::primaryOf)
                    .forEach((node, probe) -> probes.put(node.address(), probe));
            links.forEach((address, link) -> {
                if (!probes.containsKey(address)) {
                    links.remove(address);
                    link.close();
                }
            });
            links.values().forEach(TrackingLink::startOver);
            probes.keySet().forEach(address -> links.computeIfAbsent(address, this::linkTo));
        } else {
            links.put(endpoint, onlyLink());
        }
        version = now;
        links.values().forEach(TrackingLink::open);
    }

    private TrackingLink linkTo(String address) {
        byte[] none = RedisKey.bytes(settings.keyPrefix(), "forge:tracking");
        return link(
                address,
                hearing -> hearing.to(RedisEndpoint.HostAndPort.parse(address), address),
                () -> HandshakeCommands.isInChargeOf(probes.getOrDefault(address, none)));
    }

    private TrackingLink onlyLink() {
        RedisEndpoint where = settings.endpoint();
        return link(
                endpoint,
                hearing -> where instanceof RedisEndpoint.Sentinels sentinels
                        ? hearing.toPrimary(sentinels)
                        : hearing.to(where instanceof RedisEndpoint.Node node ? node.address() : null, endpoint),
                HandshakeCommands::isPrimary);
    }

    private TrackingLink link(
            String address, Function<ConnectionFactory, Connector> way, Supplier<Call<Boolean>> question) {
        return new TrackingLink(
                address,
                pushes -> way.apply(connectionFactory.withPushListener(pushes)),
                question,
                settings.nearMaxStaleness(),
                listeners,
                scheduler,
                router::refresh);
    }

    public void close() {
        synchronized (this) {
            closed = true;
        }
        links.values().forEach(TrackingLink::close);
        listeners.close();
    }
}
