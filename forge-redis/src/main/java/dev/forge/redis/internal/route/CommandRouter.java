package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.ReconnectingConnection;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.ReadFrom;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Which node serves a call: the only one there is, or one of a cluster. */
public sealed interface CommandRouter permits SingleNodeRouter, ClusterRouter {

    /** Returns the way to where the settings say that Redis is; it has not connected yet. */
    static CommandRouter to(
            RedisSettings settings,
            ConnectionFactory connectionFactory,
            Function<RedisNode, CompletableFuture<ClusterView.Answer>> clusterView,
            Scheduler scheduler) {
        Duration patience = settings.socketTimeout();
        int poolSize = settings.poolSize();
        boolean fromReplicas = settings.readFrom() == ReadFrom.REPLICA;
        if (settings.endpoint() instanceof RedisEndpoint.Cluster cluster) {
            // A node becomes a replica or a primary while it is connected; only a replica minds the difference.
            AtomicReference<Runnable> changed = new AtomicReference<>(() -> {});
            ClusterTopology map = new ClusterTopology(
                    cluster,
                    settings.tls().enabled(),
                    fromReplicas,
                    address -> new RedisNode(
                            address.toString(),
                            fromReplicas
                                    ? connectionFactory.toReplica(address)
                                    : connectionFactory.to(address, address.toString()),
                            patience,
                            poolSize,
                            scheduler,
                            () -> changed.get().run()),
                    clusterView,
                    patience,
                    scheduler);
            changed.set(map::changed);
            return new ClusterRouter(map, fromReplicas, scheduler);
        }
        if (settings.endpoint() instanceof RedisEndpoint.Sentinels sentinels) {
            Replicas replicas = !fromReplicas
                    ? null
                    : new Replicas(
                            () -> connectionFactory.replicas(sentinels),
                            address -> new RedisNode(
                                    address.toString(),
                                    connectionFactory.to(address, address.toString()),
                                    patience,
                                    poolSize,
                                    scheduler,
                                    () -> {}));
            ReconnectingConnection.Connector toPrimary = connectionFactory.toPrimary(sentinels);
            return new SingleNodeRouter(
                    new RedisNode(sentinels.toString(), toPrimary, patience, poolSize, scheduler, () -> {}),
                    toPrimary,
                    replicas);
        }
        String address = settings.endpoint().toString();
        HostAndPort node = settings.endpoint() instanceof RedisEndpoint.Node only ? only.address() : null;
        return new SingleNodeRouter(
                new RedisNode(address, connectionFactory.to(node, address), patience, poolSize, scheduler, () -> {}),
                connectionFactory.toWritable(node, address),
                null);
    }

    /** Connects, unless that is done; the result says how that ended. */
    CompletableFuture<Void> open();

    /** Sends {@code call} to the node that serves its key, or refuses it. */
    void dispatch(Call<?> call);

    /** Sends a read whose connection was lost to whoever serves its key now, once that can be reached, or refuses it. */
    void dispatchAgain(Call<?> call);

    /** Returns whether {@code call}, which a node has refused with {@code error}, has been sent to another and must not end. */
    boolean redirect(Call<?> call, RefusalReason reason, String error);

    /** Returns the nodes that take writes, each once. */
    List<RedisNode> primaries();

    /** Returns the node that takes writes to {@code slot}; there is one if {@link #primaries()} is not empty. */
    RedisNode primaryOf(int slot);

    /** Finds out anew, soon, which nodes serve the keys. */
    void refresh();

    /** Returns a number that changes when another node takes writes to a key than before. */
    long version();

    /** Returns whether the keys of one command have to be in one slot. */
    boolean isCluster();

    /** Looks after the connections; called a few times each second. */
    void tick();

    /** Returns how many calls are under way or wait. */
    int load();

    void close();
}
