package dev.forge.benchmarks.peer;

import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/** Jedis with its defaults, apart from the size of the pool. */
public final class JedisClients {
    private JedisClients() {}

    /** Returns a client of the server at {@code port} of this machine with {@code connections}, all kept open. */
    public static RedisClient open(int port, int connections) {
        return RedisClient.builder()
                .hostAndPort("127.0.0.1", port)
                .poolConfig(keeping(connections))
                .build();
    }

    /** Returns a pool of {@code connections}, all of which are kept open. */
    static ConnectionPoolConfig keeping(int connections) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        return pool;
    }
}
