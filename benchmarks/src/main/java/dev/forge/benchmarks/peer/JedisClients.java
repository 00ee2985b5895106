package dev.forge.benchmarks.peer;

import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.builders.StandaloneClientBuilder;

/** Jedis with its defaults, apart from the size of the pool. */
public final class JedisClients {
    private JedisClients() {}

    /** Returns a client of the server at {@code port} of this machine with {@code connections}, all kept open. */
    public static RedisClient open(int port, int connections) {
        return open(Target.server(port), connections);
    }

    static RedisClient open(Target target, int connections) {
        return open(target, keeping(connections));
    }

    /** With the pool that Jedis has by default. */
    static RedisClient open(Target target) {
        return open(target, new ConnectionPoolConfig());
    }

    private static RedisClient open(Target target, ConnectionPoolConfig pool) {
        StandaloneClientBuilder<RedisClient> client =
                RedisClient.builder().hostAndPort("127.0.0.1", target.port()).poolConfig(pool);
        if (target.kind() == Target.Kind.TLS) {
            client.clientConfig(DefaultJedisClientConfig.builder()
                    .sslOptions(SslOptions.defaults())
                    .build());
        }
        return client.build();
    }

    /** Returns a pool of {@code connections}, all of which are kept open. */
    static ConnectionPoolConfig keeping(int connections) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        return pool;
    }
}
