package dev.forge.benchmarks.peer;

import redis.clients.jedis.UnifiedJedis;

/** Jedis: a connection from its pool for each call. */
final class JedisPeer implements Peer {
    private final UnifiedJedis jedis;

    JedisPeer(UnifiedJedis jedis) {
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
