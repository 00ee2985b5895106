package dev.forge.benchmarks.peer;

import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/** Jedis: a connection from its pool for each call. */
final class JedisPeer implements Peer {
    private final RedisClient jedis;

    /** With its default pool. */
    JedisPeer(int port) {
        this(port, new ConnectionPoolConfig());
    }

    /** With {@code connections}, all of them kept open. */
    JedisPeer(int port, int connections) {
        this(port, keeping(connections));
    }

    private JedisPeer(int port, ConnectionPoolConfig pool) {
        jedis = RedisClient.builder()
                .hostAndPort("127.0.0.1", port)
                .poolConfig(pool)
                .build();
    }

    private static ConnectionPoolConfig keeping(int connections) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        return pool;
    }

    @Override
    public String get(String key) {
        return jedis.get(key);
    }

    @Override
    public void set(String key, String value) {
        jedis.set(key, value);
    }

    @Override
    public void close() {
        jedis.close();
    }
}
