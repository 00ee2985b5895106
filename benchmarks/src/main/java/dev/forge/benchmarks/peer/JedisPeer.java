package dev.forge.benchmarks.peer;

import redis.clients.jedis.RedisClient;

/** Jedis: a connection from its pool for each call. */
final class JedisPeer implements Peer {
    private final RedisClient jedis;

    /** With its default pool. */
    JedisPeer(int port) {
        this(RedisClient.builder().hostAndPort("127.0.0.1", port).build());
    }

    /** With {@code connections}, all of them kept open. */
    JedisPeer(int port, int connections) {
        this(JedisClients.open(port, connections));
    }

    private JedisPeer(RedisClient jedis) {
        this.jedis = jedis;
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
