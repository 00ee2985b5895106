package dev.forge.redis;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.connection.PipelinedConnection;

/** Failures as the connection creates them. */
public final class Refused {

    private Refused() {}

    /** Returns the failure of a command because too many others are under way. */
    public static RedisFailure forWantOfRoom() {
        return PipelinedConnection.full("127.0.0.1:6379");
    }

    /** Returns the failure of a command because there is no connection. */
    public static RedisFailure forWantOfAConnection() {
        return new RedisUnavailableException("cannot connect to Redis at 127.0.0.1:6379: connection refused", null);
    }
}
