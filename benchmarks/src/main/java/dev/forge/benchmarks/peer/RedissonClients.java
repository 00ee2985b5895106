package dev.forge.benchmarks.peer;

import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Redisson with its defaults. */
public final class RedissonClients {
    private RedissonClients() {}

    /** Connects to the server at {@code port} of this machine. */
    public static RedissonClient open(int port) {
        Config config = new Config();
        config.useSingleServer().setAddress("redis://127.0.0.1:" + port);
        return Redisson.create(config);
    }
}
