package dev.forge.torture.fault;

import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Three primaries with a replica each, behind proxies, so that faults can hit the way to one of them only. If the
 * server can, they announce a host name, and ask clients to use it.
 */
public final class ClusterStage implements Stage {

    private static final int SLOTS = 16_384;
    private static final int MOVED_SLOTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FAILOVER = Duration.ofSeconds(2);
    private static final Duration FROZEN_FAILOVER = Duration.ofSeconds(4);

    private static final int MOST_LATENCY_MILLIS = 800;

    private final EmbeddedRedisCluster cluster;
    private @Nullable EmbeddedRedis victim;

    /** Starts the cluster; blocks for a few seconds. */
    public ClusterStage() {
        EmbeddedRedisCluster.Builder builder = EmbeddedRedisCluster.builder().behindProxies();
        if (hasNames()) {
            builder.option("cluster-announce-hostname", "localhost")
                    .option("cluster-preferred-endpoint-type", "hostname");
        }
        cluster = builder.start();
    }

    /** Returns whether the servers here can announce host names. */
    public static boolean hasNames() {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            return redis.version().charAt(0) >= '7';
        }
    }

    @Override
    public RedisSettings settings() {
        return RedisSettings.of(cluster.url());
    }

    @Override
    public void begin(Fault fault) {
        List<EmbeddedRedis> primaries = cluster.primaries();
        EmbeddedRedis chosen = primaries.get(fault.amount() % primaries.size());
        victim = chosen;
        switch (fault.kind()) {
            case MOVE_SLOTS -> {
                for (int i = 0; i < MOVED_SLOTS; i++) {
                    cluster.moveSlot((fault.amount() * 17 + i * 2_039) % SLOTS, chosen);
                }
            }
            case CLUSTER_FAILOVER -> cluster.failOver(cluster.replicaOf(chosen));
            case CLUSTER_TAKEOVER -> cluster.takeOver(cluster.replicaOf(chosen));
            case CLUSTER_KILL_PRIMARY -> {
                EmbeddedRedis heir = cluster.replicaOf(chosen);
                chosen.kill();
                cluster.takeOver(heir);
            }
            case CLUSTER_FREEZE_PRIMARY -> {
                EmbeddedRedis heir = cluster.replicaOf(chosen);
                chosen.freeze();
                cluster.takeOver(heir);
            }
            case CLUSTER_BRIEF_FREEZE -> chosen.freeze();
            case CLUSTER_KILL_CLIENTS ->
                cluster.nodes().forEach(node -> node.command("CLIENT", "KILL", "TYPE", "normal"));
            case CLUSTER_FLUSH_SCRIPTS -> primaries.forEach(node -> node.command("SCRIPT", "FLUSH"));
            case CLUSTER_PAUSE -> chosen.command("CLIENT", "PAUSE", Integer.toString(fault.millis()), "ALL");
            case CLUSTER_LINK_RESET -> cluster.proxyOf(chosen).reset();
            case CLUSTER_LINK_SLOW ->
                cluster.proxyOf(chosen).latency(Duration.ofMillis(fault.amount() * MOST_LATENCY_MILLIS / 1_000));
            case CLUSTER_LINK_DEAF -> cluster.proxyOf(chosen).blackHole();
            case CLUSTER_LINK_ONE_WAY -> oneWay(cluster.proxyOf(chosen), fault.amount());
            case CLUSTER_LINK_REFUSED -> {
                cluster.proxyOf(chosen).refuse();
                cluster.proxyOf(chosen).reset();
            }
            default -> throw new IllegalArgumentException(fault.kind() + " does not happen to a cluster");
        }
    }

    @Override
    public void end(Fault fault) {
        EmbeddedRedis chosen = victim;
        if (chosen == null) {
            return;
        }
        switch (fault.kind()) {
            case CLUSTER_KILL_PRIMARY -> chosen.restart();
            case CLUSTER_FREEZE_PRIMARY, CLUSTER_BRIEF_FREEZE -> chosen.thaw();
            case CLUSTER_PAUSE -> chosen.command("CLIENT", "UNPAUSE");
            case CLUSTER_LINK_SLOW, CLUSTER_LINK_DEAF, CLUSTER_LINK_ONE_WAY, CLUSTER_LINK_REFUSED ->
                cluster.proxyOf(chosen).heal();
            default -> {
                // Ends by itself.
            }
        }
        cluster.awaitWritable(PATIENCE);
    }

    @Override
    public void awaitReady() {
        cluster.awaitReady(PATIENCE);
    }

    @Override
    public EmbeddedRedis serverOf(String key) {
        return cluster.primaryOf(key);
    }

    @Override
    public Duration recovery(FaultKind kind) {
        return kind == FaultKind.CLUSTER_FREEZE_PRIMARY ? FROZEN_FAILOVER : FAILOVER;
    }

    @Override
    public int connections() {
        return 0;
    }

    @Override
    public void close() {
        cluster.close();
    }

    private static void oneWay(FaultProxy proxy, int amount) {
        if (amount % 2 == 0) {
            proxy.dropRequests();
        } else {
            proxy.dropReplies();
        }
    }
}
