package dev.forge.benchmarks.peer.limit;

import dev.forge.benchmarks.peer.RedissonClients;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;

/** Redisson: a rate limiter object for each subject, kept once it is set up. */
final class RedissonLimit implements LimitPeer {
    private final RedissonClient redisson;
    private final int permits;
    private final Duration period;
    private final Map<String, RRateLimiter> limiters = new ConcurrentHashMap<>();

    RedissonLimit(int port, int permits, Duration period) {
        redisson = RedissonClients.open(port);
        this.permits = permits;
        this.period = period;
    }

    @Override
    public boolean tryAcquire(String subject) {
        return limiters.computeIfAbsent(subject, this::limiter).tryAcquire();
    }

    private RRateLimiter limiter(String subject) {
        RRateLimiter limiter = redisson.getRateLimiter("redisson-limit:" + subject + ":" + permits);
        limiter.trySetRate(RateType.OVERALL, permits, period);
        return limiter;
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
