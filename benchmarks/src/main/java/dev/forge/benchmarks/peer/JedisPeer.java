package dev.forge.benchmarks.peer;

import redis.clients.jedis.UnifiedJedis;

/** Jedis: a connection from its pool for each call. */
final class JedisPeer implements Peer {
    private final UnifiedJedis jedis;

    JedisPeer(UnifiedJedis jedis) {
        this.jedis = jedis;
    }

    /** Connects with a pool of {@code connections}, all of which are kept open. */
    static Peer open(Target target, int connections) {
        return new JedisPeer(JedisClients.open(target, connections));
    }

    /** Connects with the pool that Jedis has by default. */
    static Peer open(Target target) {
        return new JedisPeer(JedisClients.open(target));
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
