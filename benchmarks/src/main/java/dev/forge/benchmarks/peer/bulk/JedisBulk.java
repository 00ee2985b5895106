package dev.forge.benchmarks.peer.bulk;

import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;

/** Jedis: a pipeline of gets. */
final class JedisBulk implements BulkPeer {
    private final RedisClient jedis;

    JedisBulk(int port) {
        jedis = RedisClient.builder().hostAndPort("127.0.0.1", port).build();
    }

    @Override
    public void store(List<String> keys, String value) {
        keys.forEach(key -> jedis.set(key, value));
    }

    @Override
    public long lengths(List<String> keys) {
        List<Response<String>> answers = new ArrayList<>(keys.size());
        try (AbstractPipeline pipeline = jedis.pipelined()) {
            for (String key : keys) {
                answers.add(pipeline.get(key));
            }
            pipeline.sync();
        }
        long length = 0;
        for (Response<String> answer : answers) {
            length += answer.get().length();
        }
        return length;
    }

    @Override
    public void close() {
        jedis.close();
    }
}
