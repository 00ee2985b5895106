package dev.forge.redis.test;

import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.time.Duration;

/** Sends one command to a server. */
public final class Client {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Client() {}

    public static String call(EmbeddedRedis redis, String... command) throws IOException {
        return callWithin(LIMIT, redis, command);
    }

    static String callWithin(Duration limit, EmbeddedRedis redis, String... command) throws IOException {
        try (RedisConnection connection = RedisConnection.open(redis.port(), limit)) {
            return connection.call(command);
        }
    }
}
