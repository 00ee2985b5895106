package dev.forge.redis.internal.tracking;

import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.connection.PushListener;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.route.ClusterSlot;
import dev.forge.redis.internal.route.CommandRouter;
import dev.forge.redis.internal.route.ProbeKeys;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisSettings;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One {@link TrackingLink} for each primary, as the topology changes; a beat checks them all five times within the
 * bound on staleness.
 *
 * <p>While Redis is unavailable, each link keeps trying to connect.
 *
 * <p>Thread-safe. Nothing here blocks.
 */
final class TrackingLinks {

    private static final int BEATS_PER_STALENESS = 5;

    // As often as other connections: values may be served for longer than a caller should wait for a frozen server.
    private static final long LOOK_MILLIS = 250;

    private final CommandRouter router;
    private final ConnectionFactory connectionFactory;
    private final RedisSettings settings;
    private final String endpoint;
    private final ChangeListeners listeners;
    private final Scheduler scheduler;
    private final InstantSource clock = InstantSource.system();
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

    TrackingLinks(
            CommandRouter router,
            ConnectionFactory connectionFactory,
            RedisSettings settings,
            ChangeListeners listeners,
            Scheduler scheduler) {
        this.router = router;
        this.connectionFactory = connectionFactory;
        this.settings = settings;
        this.endpoint = settings.endpoint().toString();
        this.listeners = listeners;
        this.scheduler = scheduler;
    }

    /** Connects to the primaries from now on, unless that has begun. */
    void start() {
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
        unlessClosed(() -> scheduler.schedule(this::align, 0));
        router.open().whenComplete((done, failure) -> unlessClosed(() -> scheduler.schedule(this::align, 0)));
        unlessClosed(() -> scheduler.every(periodMillis(), this::beat));
        unlessClosed(() -> scheduler.every(LOOK_MILLIS, this::look));
    }

    boolean isStarted() {
        return started;
    }

    /** Returns the links that there are now. */
    Collection<TrackingLink> all() {
        return links.values();
    }

    /** Returns the link to the primary of {@code key}, or null while there is none. */
    @Nullable
    TrackingLink of(String key) {
        if (router.version() != version) {
            return null;
        }
        if (!router.isCluster()) {
            return links.get(endpoint);
        }
        if (router.primaries().isEmpty()) {
            return null;
        }
        int slot = ClusterSlot.of(RedisKey.bytes(settings.keyPrefix(), key));
        return links.get(router.primaryOf(slot).address());
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        links.values().forEach(TrackingLink::close);
    }

    private long periodMillis() {
        return Math.max(1, settings.nearMaxStaleness().toMillis() / BEATS_PER_STALENESS);
    }

    private void unlessClosed(Supplier<Future<?>> plan) {
        try {
            var unused = plan.get();
        } catch (RejectedExecutionException e) {
            closed = true;
        }
    }

    private void beat() {
        if (closed) {
            return;
        }
        boolean suspended = wasSuspended();
        align();
        for (TrackingLink link : links.values()) {
            if (suspended) {
                link.startOver();
            }
            link.beat();
        }
    }

    private void look() {
        if (!closed) {
            links.values().forEach(TrackingLink::look);
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
        if (closed || now == version || router.primaries().isEmpty() || isAwaitingPrimary()) {
            return;
        }
        if (router.isCluster()) {
            ProbeKeys found = ProbeKeys.of(router, ownKey());
            now = found.version();
            Map<String, byte[]> probeOf = new HashMap<>();
            found.keys().forEach((node, key) -> probeOf.put(node.address(), key));
            probes.putAll(probeOf);
            probes.keySet().retainAll(probeOf.keySet());
            links.forEach((address, link) -> {
                if (!probeOf.containsKey(address)) {
                    links.remove(address);
                    link.close();
                }
            });
            links.values().forEach(TrackingLink::startOver);
            probeOf.keySet().forEach(address -> links.computeIfAbsent(address, this::linkTo));
        } else {
            TrackingLink before = links.put(endpoint, onlyLink());
            if (before != null) {
                before.close();
            }
        }
        version = now;
        links.values().forEach(TrackingLink::open);
    }

    private TrackingLink linkTo(String address) {
        byte[] none = ownKey();
        return link(
                address,
                pushes -> connectionFactory.to(server(address), pushes),
                () -> HandshakeCommands.isInChargeOf(probes.getOrDefault(address, none)));
    }

    private byte[] ownKey() {
        return RedisKey.bytes(settings.keyPrefix(), "forge:tracking");
    }

    /** Returns whether the sentinels have still to name the primary. */
    private boolean isAwaitingPrimary() {
        return settings.endpoint() instanceof RedisEndpoint.Sentinels
                && onlyPrimary().connectedTo() == null;
    }

    private RedisNode onlyPrimary() {
        return router.primaries().get(0);
    }

    private TrackingLink onlyLink() {
        RedisEndpoint where = settings.endpoint();
        return link(
                endpoint,
                pushes -> where instanceof RedisEndpoint.Sentinels
                        ? toSamePrimary(pushes)
                        : connectionFactory.to(where, pushes),
                HandshakeCommands::isPrimary);
    }

    /** Connects to the server that calls are sent to; the sentinels could name another by now. */
    private Connector toSamePrimary(PushListener pushes) {
        return patience -> {
            String address = onlyPrimary().connectedTo();
            return address == null
                    ? CompletableFuture.failedFuture(new IllegalStateException("there is no connection to the primary"))
                    : connectionFactory.to(server(address), pushes).connect(patience);
        };
    }

    private static RedisEndpoint server(String address) {
        return new RedisEndpoint.Node(RedisEndpoint.HostAndPort.parse(address));
    }

    private TrackingLink link(
            String address, Function<PushListener, Connector> connector, Supplier<Call<Boolean>> question) {
        return new TrackingLink(
                address, connector, question, settings.nearMaxStaleness(), listeners, scheduler, router::refresh);
    }
}
