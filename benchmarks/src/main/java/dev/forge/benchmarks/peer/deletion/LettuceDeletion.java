package dev.forge.benchmarks.peer.deletion;

import dev.forge.benchmarks.peer.LettuceClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;

/** Lettuce: {@code KEYS}, and one {@code DEL} of all keys that it returns. */
final class LettuceDeletion implements DeletionPeer {
    private final LettuceClient client;
    private final RedisCommands<String, String> commands;

    LettuceDeletion(int port) {
        client = new LettuceClient(port);
        commands = client.connect(StringCodec.UTF8).sync();
    }

    @Override
    public void delete(String name) {
        commands.del(commands.keys(name + "::*").toArray(String[]::new));
    }

    @Override
    public void close() {
        client.close();
    }
}
