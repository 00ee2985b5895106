package dev.forge.redis.internal.tracking;

import dev.forge.redis.internal.command.CommandDispatcher;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.connection.ReconnectingConnection;
import dev.forge.redis.internal.protocol.Call;
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
 * Reads of which Redis tells when they are no longer true: what the near cache, and those who wait for a lease, rest upon.
 *
 * <p>Each primary has one connection of its own for this, with {@code CLIENT TRACKING}. What was read on it by {@link #read} is
 * current to within {@link RedisSettings#nearMaxStaleness()} for as long as its {@link TrackingEpoch} is trusted and no
 * {@link Listener} has heard of a change of the key. The proof, and what lies outside it, is in docs/near-cache.md.
 *
 * <p>While Redis is unavailable, or the connection is silent, there is no generation that is trusted: callers read from Redis
 * in the ordinary way. The connection is made anew by itself. It is first made when {@link #epochOf} is first asked.
 * {@link #state()} says how things are. Nothing here blocks. Keys are those of the operations of {@link dev.forge.redis.RedisManager RedisManager}.
 *
 * <p>Thread-safe.
 */
public final class Tracking {

    private static final int BEATS_IN_A_LEASE = 5;

    private final CommandRouter router;
    private final ConnectionFactory connectionFactory;
    private final CommandDispatcher path;
    private final RedisSettings settings;
    private final String endpoint;
    private final Scheduler scheduler;
    private final InstantSource clock = InstantSource.system();
    private final ChangeListeners listeners;
    private final Map<String, TrackingLink> links = new ConcurrentHashMap<>();

    // For each node of a cluster, a key of a slot that it serves.
    private final Map<String, byte[]> probes = new ConcurrentHashMap<>();

    // Which version of the route the links are those of.
    private volatile long version = -1;

    private volatile boolean started;
    private volatile boolean closed;

    // Confined to the scheduler.
    private long beatAt;
    private long beatAtMillis;

    /** Who is told of changes. Methods run on threads that serve connections: they must be short, and must not throw. */
    public interface Listener {

        /** The value at {@code key} has changed, or may have. */
        void changed(String key);

        /** A generation has ended: whatever was read in it may have changed. It is not trusted any more by now. */
        void allChanged();
    }

    /** Whether Redis tells of changes. */
    public sealed interface State {

        /** Every primary does. */
        record Live() implements State {}

        /** Some primary does not at the moment; it is being tried again. */
        record Degraded(String reason) implements State {}

        /** It cannot be had: the server cannot, the user may not, or nobody has asked for it yet. */
        record Off(String reason) implements State {}
    }

    public Tracking(
            CommandDispatcher path, ConnectionFactory connectionFactory, RedisSettings settings, Scheduler scheduler) {
        this.router = path.router();
        this.connectionFactory = connectionFactory;
        this.path = path;
        this.settings = settings;
        this.endpoint = settings.endpoint().toString();
        this.scheduler = scheduler;
        this.listeners = new ChangeListeners(settings.keyPrefix());
    }

    /** Tells {@code listener} of every change from now on, until the manager closes. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /**
     * Returns the generation in which {@code key} is to be read, or null if there is none that is trusted now.
     *
     * <p>Null is normal: at first, while Redis is away, and always where {@link #state()} is off.
     */
    public @Nullable TrackingEpoch epochOf(String key) {
        start();
        TrackingLink link = linkOf(key);
        TrackingEpoch epoch = link == null ? null : link.epoch();
        return epoch != null && epoch.isTrusted(System.nanoTime()) ? epoch : null;
    }

    /**
     * Reads the bytes at {@code key} and what is left of its life, in {@code epoch}, which {@link #epochOf} has named
     * for that key.
     *
     * <p>Ends by its deadline as every call does. If the connection is lost meanwhile or has too much to do, or another node serves
     * the key, the bytes are read on an ordinary connection, and the result says that they are not tracked. The result may be kept if
     * it is tracked, if no listener has heard of a change of the key since before this call, and while the generation is
     * trusted.
     */
    public CompletableFuture<TrackedRead> read(TrackingEpoch epoch, String key) {
        byte[] name = RedisKey.bytes(settings.keyPrefix(), key);
        long sentAt = System.nanoTime();
        TrackedGet owner = new TrackedGet(path, epoch);
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
                Call.Owner.NOBODY,
                sentAt);
        path.watch(get);
        path.watch(pttl);
        // In this order: whatever changes the key in between is told before the second answer.
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
     * Waits for {@code key} to change in {@code epoch}, or for that to end. To miss no change, watch first, and read then.
     *
     * @return nothing if {@value ChangeListeners#MOST_WATCHED} other keys are being watched
     */
    public Optional<KeyWatch> watch(TrackingEpoch epoch, String key) {
        return listeners.watch(epoch, key);
    }

    /** Returns whether Redis tells of changes. */
    public State state() {
        if (!started) {
            return new State.Off("nothing has asked for it yet");
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

    /** Returns the same as {@link #state()}, as {@link dev.forge.redis.health.Health.Details#tracking()} has it. */
    public String inWords() {
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
        return Math.max(1, settings.nearMaxStaleness().toMillis() / BEATS_IN_A_LEASE);
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

    /** Returns whether the machine has slept: its monotonic clock may have slept as well, and trust has not. */
    private boolean wasSuspended() {
        long now = System.nanoTime();
        long nowMillis = clock.millis();
        long slept = nowMillis - beatAtMillis - TimeUnit.NANOSECONDS.toMillis(now - beatAt);
        beatAt = now;
        beatAtMillis = nowMillis;
        return slept > settings.nearMaxStaleness().toMillis();
    }

    /** Makes the links those of the primaries that there are now, and ends every generation if the keys are elsewhere. */
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
            String address,
            Function<ConnectionFactory, ReconnectingConnection.Connector> way,
            Supplier<Call<Boolean>> question) {
        return new TrackingLink(
                address,
                pushes -> way.apply(connectionFactory.hearing(pushes)),
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
