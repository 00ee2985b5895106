package dev.forge.benchmarks.peer;

import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Redisson with its defaults. */
public final class RedissonClients {
    private RedissonClients() {}

    /** Connects to the server at {@code port} of this machine. */
    public static RedissonClient open(int port) {
        return open(Target.server(port));
    }

    static RedissonClient open(Target target) {
        Config config = new Config();
        config.useSingleServer().setAddress(target.url());
        return Redisson.create(config);
    }
}
