package dev.forge.torture.fault;

import dev.forge.redis.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Three primaries with a replica each. */
public final class ClusterStage implements Stage {

    private static final int SLOTS = 16_384;
    private static final int MOVED_SLOTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FAILOVER = Duration.ofSeconds(2);
    private static final Duration FROZEN_FAILOVER = Duration.ofSeconds(4);

    private final EmbeddedRedisCluster cluster = EmbeddedRedisCluster.start();
    private @Nullable EmbeddedRedis victim;

    /** Starts the cluster; blocks for a few seconds. */
    public ClusterStage() {}

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
            default -> {
                // Over by itself.
            }
        }
        cluster.awaitWritable(PATIENCE);
    }

    @Override
    public void awaitReady() {
        cluster.awaitReady(PATIENCE);
    }

    @Override
    public long counter(String key) {
        String value = cluster.primaryOf(key).command("GET", key);
        return value.isEmpty() ? 0 : Long.parseLong(value);
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
}
