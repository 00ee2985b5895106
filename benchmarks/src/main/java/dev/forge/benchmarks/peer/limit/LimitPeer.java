package dev.forge.benchmarks.peer.limit;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;
import dev.forge.redis.ratelimit.Algorithm;
import java.time.Duration;

/** A rate limiter that all processes share through Redis. */
public interface LimitPeer extends Opened {

    /** Takes one permit for {@code subject} if there is one; returns whether there was. */
    boolean tryAcquire(String subject);

    /**
     * Connects {@code library} to the server at {@code port} of this machine, for {@code callers} threads, with that
     * many permits in each period.
     */
    static LimitPeer open(Library library, int port, int callers, int permits, Duration period) {
        return switch (library) {
            case LETTUCE -> new LettuceLimit(port, permits, period);
            case FORGE -> new ForgeLimit(port, permits, period, Algorithm.TOKEN_BUCKET);
            case FORGE_FIXED -> new ForgeLimit(port, permits, period, Algorithm.FIXED_WINDOW);
            case FORGE_WINDOW -> new ForgeLimit(port, permits, period, Algorithm.SLIDING_WINDOW);
            case JEDIS -> JedisLimit.fixedWindow(port, callers, permits, period);
            case JEDIS_BUCKET -> JedisLimit.tokenBucket(port, callers, permits, period);
            case REDISSON -> new RedissonLimit(port, permits, period);
            case BUCKET4J -> new Bucket4jLimit(port, permits, period);
            default -> throw library.doesNot("limit rates");
        };
    }
}
