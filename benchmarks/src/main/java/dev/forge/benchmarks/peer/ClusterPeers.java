package dev.forge.benchmarks.peer;

import dev.forge.redis.settings.RedisSettings;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.Set;
import org.redisson.Redisson;
import org.redisson.config.Config;
import redis.clients.jedis.HostAndPort;

/** The libraries with their clients for a cluster: a class apart, so that no other start loads those. */
final class ClusterPeers {
    private ClusterPeers() {}

    /** Connects to the cluster of {@code node}; {@code callers} is as in {@link Library#open}. */
    static Peer open(Library library, Target node, int callers) {
        return switch (library) {
            case LETTUCE -> lettuce(node);
            case FORGE -> new ForgePeer(RedisSettings.of(node.url()));
            case JEDIS -> jedis(node, callers);
            case REDISSON -> redisson(node);
            default -> throw library.doesNot("reach a cluster");
        };
    }

    private static Peer lettuce(Target node) {
        ClientResources resources = ClientResources.create();
        RedisClusterClient client = RedisClusterClient.create(resources, "redis://127.0.0.1:" + node.port());
        StatefulRedisClusterConnection<String, String> connection = client.connect();
        return new LettucePeer(resources, client, connection.sync(), connection.async());
    }

    /** With a pool of so many connections for each node. */
    private static Peer jedis(Target node, int callers) {
        return new JedisPeer(redis.clients.jedis.RedisClusterClient.builder()
                .nodes(Set.of(new HostAndPort("127.0.0.1", node.port())))
                .poolConfig(JedisClients.keeping(callers))
                .build());
    }

    private static Peer redisson(Target node) {
        Config config = new Config();
        config.useClusterServers().addNodeAddress("redis://127.0.0.1:" + node.port());
        return new RedissonPeer(Redisson.create(config));
    }
}
