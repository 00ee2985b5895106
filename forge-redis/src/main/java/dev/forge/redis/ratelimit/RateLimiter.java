package dev.forge.redis.ratelimit;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.Keyspace;
import dev.forge.redis.LuaScript;
import dev.forge.redis.OutageLog;
import dev.forge.redis.RedisFailure;
import dev.forge.redis.RedisManager;
import dev.forge.redis.ScriptReply;
import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts requests against a {@link Limit}, separately for each subject (a user, an address, an API key).
 *
 * <p>Every process that uses the same Redis and the same {@code name} shares one count. Never more than the limit is allowed
 * in <em>any</em> window of its length, wherever that begins. A denied request costs nothing: it does not push back the time
 * at which the next one is allowed. Time is that of Redis, in microseconds, and one decision is one round trip.
 *
 * <p>When Redis is unavailable the answer is the limiter's {@link OnOutage} setting, and says so.
 *
 * <p>Redis keeps one sorted set for each subject that was active within the last window, with an entry of about 100 bytes for
 * each permit taken in it. Subjects are hashed in keys.
 *
 * <p>Thread-safe.
 */
public final class RateLimiter {

    private static final Logger LOG = LoggerFactory.getLogger(RateLimiter.class);
    private static final LuaScript SLIDING_WINDOW = LuaScript.beside(RateLimiter.class, "sliding_window.lua");
    private static final int LONGEST_SUBJECT = 4096;

    private final RedisManager redis;
    private final Keyspace keyspace;
    private final Limit limit;
    private final OnOutage onOutage;
    private final OutageLog outage = new OutageLog();

    private RateLimiter(RedisManager redis, Keyspace keyspace, Limit limit, OnOutage onOutage) {
        this.redis = requireNonNull(redis, "redis");
        this.keyspace = keyspace;
        this.limit = requireNonNull(limit, "limit");
        this.onOutage = requireNonNull(onOutage, "onOutage");
    }

    /** Returns a limiter that keeps its counts under {@code name}, and lets requests through while Redis is away. */
    public static RateLimiter slidingWindow(RedisManager redis, String name, Limit limit) {
        return new RateLimiter(redis, new Keyspace("ratelimit:" + name), limit, OnOutage.ALLOW);
    }

    /** Returns this limiter with another answer for the time of an outage. */
    public RateLimiter withOnOutage(OnOutage onOutage) {
        return new RateLimiter(redis, keyspace, limit, onOutage);
    }

    /** Returns the limit. */
    public Limit limit() {
        return limit;
    }

    /** Takes one permit for {@code subject} if one is free. Does not wait for a permit. */
    public Decision tryAcquire(String subject) {
        return tryAcquire(subject, 1);
    }

    /** Does what {@link #tryAcquire(String)} does without blocking. */
    public CompletableFuture<Decision> tryAcquireAsync(String subject) {
        return tryAcquireAsync(subject, 1);
    }

    /**
     * Takes {@code cost} permits for {@code subject} if so many are free, or none. Does not wait for permits.
     *
     * @throws IllegalArgumentException if {@code cost} is below 1 or can never be allowed
     */
    public Decision tryAcquire(String subject, int cost) {
        return redis.await("rate limit " + keyspace.name(), tryAcquireAsync(subject, cost));
    }

    /** Does what {@link #tryAcquire(String, int)} does without blocking. */
    public CompletableFuture<Decision> tryAcquireAsync(String subject, int cost) {
        if (cost < 1 || cost > limit.permits()) {
            throw new IllegalArgumentException("cost must be from 1 to " + limit.permits() + ", but was " + cost);
        }
        List<byte[]> args = List.of(
                LuaScript.argument(limit.permits()),
                LuaScript.argument(limit.periodMicros()),
                LuaScript.argument(cost));
        return redis.evalAsync(SLIDING_WINDOW, List.of(keyspace.hashedKey(checked(subject))), args)
                .thenApply(this::decision)
                .exceptionally(this::withoutRedis);
    }

    private Decision decision(ScriptReply reply) {
        outage.worked(() -> LOG.info("The rate limit {} has Redis again", keyspace.name()));
        List<ScriptReply> fields = reply.asList();
        Duration resetAfter = micros(fields.get(3));
        return fields.get(0).asLong() == 1
                ? new Allowed(fields.get(1).asLong(), resetAfter, Basis.COUNT)
                : new Denied(micros(fields.get(2)), resetAfter, Basis.COUNT);
    }

    private Decision withoutRedis(Throwable thrown) {
        RedisFailure failure = RedisFailure.in(thrown).orElseThrow(() -> new CompletionException(thrown));
        outage.failed(() -> LOG.warn(
                "The rate limit {} answers {} without Redis: {}", keyspace.name(), onOutage, failure.getMessage()));
        return onOutage == OnOutage.ALLOW
                ? new Allowed(limit.permits(), Duration.ZERO, Basis.OUTAGE)
                : new Denied(Duration.ofSeconds(1), Duration.ofSeconds(1), Basis.OUTAGE);
    }

    private static Duration micros(ScriptReply field) {
        return Duration.ofNanos(field.asLong() * 1_000);
    }

    private static String checked(String subject) {
        if (requireNonNull(subject, "subject").isEmpty() || subject.length() > LONGEST_SUBJECT) {
            throw new IllegalArgumentException(
                    "subject must have from 1 to " + LONGEST_SUBJECT + " characters, but has " + subject.length());
        }
        return subject;
    }
}
