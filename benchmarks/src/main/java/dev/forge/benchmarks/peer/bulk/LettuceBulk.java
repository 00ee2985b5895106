package dev.forge.benchmarks.peer.bulk;

import dev.forge.benchmarks.peer.LettuceClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Lettuce: a loop of async gets, whose replies are then awaited one by one. */
final class LettuceBulk implements BulkPeer {
    private static final long LONGEST_SECONDS = 60;

    private final LettuceClient client;
    private final RedisAsyncCommands<String, String> commands;

    LettuceBulk(int port) {
        client = new LettuceClient(port);
        commands = client.connect(StringCodec.UTF8).async();
    }

    @Override
    public void store(List<String> keys, String value) {
        keys.forEach(key -> commands.set(key, value).toCompletableFuture().join());
    }

    @Override
    public long lengths(List<String> keys) throws Exception {
        List<RedisFuture<String>> answers = new ArrayList<>(keys.size());
        for (String key : keys) {
            answers.add(commands.get(key));
        }
        long length = 0;
        for (RedisFuture<String> answer : answers) {
            length += answer.get(LONGEST_SECONDS, TimeUnit.SECONDS).length();
        }
        return length;
    }

    @Override
    public void close() {
        client.close();
    }
}
