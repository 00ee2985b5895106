package dev.forge.benchmarks.peer.limit;

import dev.forge.redis.RedisManager;
import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.settings.RedisSettings;
import java.time.Duration;
import java.util.List;

/** Forge: a limiter with its defaults, for one of its algorithms. */
final class ForgeLimit implements LimitPeer {
    private final RedisManager redis;
    private final RateLimiter limiter;

    ForgeLimit(int port, int permits, Duration period, Algorithm algorithm) {
        redis = RedisManager.create(RedisSettings.of("redis://127.0.0.1:" + port));
        limiter = RateLimiter.of(redis, "limit:" + permits, algorithm, List.of(Limit.of(permits, period)));
    }

    @Override
    public boolean tryAcquire(String subject) {
        return limiter.tryAcquire(subject) instanceof Decision.Allowed;
    }

    @Override
    public void close() {
        redis.close();
    }
}
