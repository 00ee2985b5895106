package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.ReadFrom;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Sends each call to the node that serves its key: the only one, or one of a cluster. */
public sealed interface CommandRouter permits SingleNodeRouter, ClusterRouter {

    /**
     * Returns a router for the endpoint of the settings; it has not connected yet.
     *
     * @param reconnects counts the connections to a server that were made again
     */
    static CommandRouter to(
            RedisSettings settings,
            ConnectionFactory connectionFactory,
            Function<RedisNode, CompletableFuture<ClusterView.Answer>> clusterView,
            Scheduler scheduler,
            LongAdder reconnects) {
        Duration patience = settings.socketTimeout();
        int poolSize = settings.poolSize();
        boolean fromReplicas = settings.readFrom() == ReadFrom.REPLICA;
        if (settings.endpoint() instanceof RedisEndpoint.Cluster cluster) {
            // The role of a node may change while it is connected; what a replica needs has no effect on a primary.
            AtomicReference<Runnable> changed = new AtomicReference<>(() -> {});
            ClusterTopology topology = new ClusterTopology(
                    cluster,
                    settings.tls().enabled(),
                    fromReplicas,
                    address -> new RedisNode(
                            address.toString(),
                            fromReplicas ? connectionFactory.toReplica(address) : connectionFactory.to(address),
                            patience,
                            poolSize,
                            scheduler,
                            () -> changed.get().run(),
                            reconnects),
                    clusterView,
                    patience,
                    scheduler);
            changed.set(topology::changed);
            return new ClusterRouter(topology, fromReplicas, scheduler);
        }
        if (settings.endpoint() instanceof RedisEndpoint.Sentinels sentinels) {
            Replicas replicas = !fromReplicas
                    ? null
                    : new Replicas(
                            () -> connectionFactory.replicas(sentinels),
                            address -> new RedisNode(
                                    address.toString(),
                                    connectionFactory.to(address),
                                    patience,
                                    poolSize,
                                    scheduler,
                                    () -> {},
                                    reconnects));
            Connector toPrimary = connectionFactory.toPrimary(sentinels);
            RedisNode primary =
                    new RedisNode(sentinels.toString(), toPrimary, patience, poolSize, scheduler, () -> {}, reconnects);
            PrimaryWatch watch = new PrimaryWatch(
                    primary::connectedTo,
                    () -> primary.replace(toPrimary),
                    () -> connectionFactory.agreedPrimary(sentinels));
            return new SingleNodeRouter(primary, toPrimary, replicas, watch);
        }
        RedisEndpoint server = settings.endpoint();
        return new SingleNodeRouter(
                new RedisNode(
                        server.toString(),
                        connectionFactory.to(server),
                        patience,
                        poolSize,
                        scheduler,
                        () -> {},
                        reconnects),
                connectionFactory.toWritable(server),
                null,
                null);
    }

    /** Connects unless already connected; the result ends with the attempt. */
    CompletableFuture<Void> open();

    /** Sends {@code call} to the node that serves its key, or refuses it. */
    void dispatch(Call<?> call);

    /**
     * Sends a read whose connection was lost to the node that now serves its key, once it is reachable, or refuses it.
     */
    void dispatchAgain(Call<?> call);

    /** Returns whether {@code call}, which a node refused with {@code error}, was sent again and must not end yet. */
    boolean redirect(Call<?> call, RefusalReason reason, String error);

    /** Returns the nodes that take writes, each once. */
    List<RedisNode> primaries();

    /** Returns all nodes that calls are sent to, replicas and those that are being left too. */
    List<RedisNode> nodes();

    /** Returns the node that takes writes to {@code slot}; there is one if {@link #primaries()} is not empty. */
    RedisNode primaryOf(int slot);

    /** Returns how many slots no node serves. */
    int unserved();

    /** Finds out again, shortly, which nodes serve the keys. */
    void refresh();

    /** Returns a number that changes whenever a key gets another primary. */
    long version();

    /** Returns whether the keys of one command have to be in one slot. */
    boolean isCluster();

    /** Checks the connections; called a few times per second. */
    void tick();

    /** Returns how many calls are under way or waiting. */
    int load();

    void close();
}
