package dev.forge.redis.internal.route;

import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.ReadFrom;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Makes the router for the endpoint of the settings; it has not connected yet. */
public final class RouterFactory {

    private final RedisSettings settings;
    private final ConnectionFactory connectionFactory;
    private final Scheduler scheduler;
    private final LongAdder reconnects;
    private final boolean readFromReplicas;

    /** @param reconnects counts the connections to a server that were made again */
    public RouterFactory(
            RedisSettings settings, ConnectionFactory connectionFactory, Scheduler scheduler, LongAdder reconnects) {
        this.settings = settings;
        this.connectionFactory = connectionFactory;
        this.scheduler = scheduler;
        this.reconnects = reconnects;
        this.readFromReplicas = settings.readFrom() == ReadFrom.REPLICA;
    }

    /**
     * Returns the router.
     *
     * @param clusterView asks a node of a cluster which nodes there are
     */
    public CommandRouter router(Function<RedisNode, CompletableFuture<ClusterView.Answer>> clusterView) {
        RedisEndpoint endpoint = settings.endpoint();
        if (endpoint instanceof RedisEndpoint.Cluster cluster) {
            return ofCluster(cluster, clusterView);
        }
        return endpoint instanceof RedisEndpoint.Sentinels sentinels
                ? ofSentinels(sentinels)
                : new SingleNodeRouter(
                        node(endpoint.toString(), connectionFactory.to(endpoint), () -> {}),
                        connectionFactory.toWritable(endpoint),
                        null,
                        null);
    }

    private CommandRouter ofCluster(
            RedisEndpoint.Cluster cluster, Function<RedisNode, CompletableFuture<ClusterView.Answer>> clusterView) {
        ClusterTopology topology = new ClusterTopology(
                cluster,
                settings.tls().enabled(),
                readFromReplicas,
                (address, changed) -> node(address.toString(), toMember(address), changed),
                clusterView,
                settings.socketTimeout(),
                scheduler);
        return new ClusterRouter(topology, readFromReplicas, scheduler);
    }

    private Connector toMember(HostAndPort address) {
        // The role of a node may change while it is connected; what a replica needs has no effect on a primary.
        return readFromReplicas ? connectionFactory.toReplica(address) : connectionFactory.to(address);
    }

    private CommandRouter ofSentinels(RedisEndpoint.Sentinels sentinels) {
        Connector toPrimary = connectionFactory.toPrimary(sentinels);
        RedisNode primary = node(sentinels.toString(), toPrimary, () -> {});
        PrimaryWatch watch = new PrimaryWatch(
                primary::connectedTo,
                () -> primary.replace(toPrimary),
                () -> connectionFactory.agreedPrimary(sentinels));
        return new SingleNodeRouter(primary, toPrimary, readFromReplicas ? replicas(sentinels) : null, watch);
    }

    private Replicas replicas(RedisEndpoint.Sentinels sentinels) {
        return new Replicas(
                () -> connectionFactory.replicas(sentinels),
                address -> node(address.toString(), connectionFactory.to(address), () -> {}));
    }

    private RedisNode node(String address, Connector connector, Runnable changed) {
        return new RedisNode(
                address, connector, settings.socketTimeout(), settings.poolSize(), scheduler, changed, reconnects);
    }
}
