package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The fences of one cache in Redis: raises, renews and lifts them, and invalidates keys that may have one.
 *
 * <p>A fence is the value of the key itself. It has one token for each transaction that changes the key and has not ended, and
 * keeps the old value, which is not served.
 *
 * <p>When Redis is unavailable, everything fails.
 */
public record FenceStore(RedisCore redis) {

    private static final LuaScript FENCE = LuaScript.beside(FenceStore.class, "prelude.lua", "fence.lua");
    private static final LuaScript LIFT = LuaScript.beside(FenceStore.class, "prelude.lua", "lift.lua");
    private static final LuaScript DROP = LuaScript.beside(FenceStore.class, "prelude.lua", "drop.lua");
    private static final byte[] NOTHING = {};
    private static final byte[] NO = LuaScript.argument(0);
    private static final byte[] YES = LuaScript.argument(1);

    /** How long a token lasts unless it is renewed. */
    public static final Duration TTL = Duration.ofSeconds(5);

    private static final byte[] MILLIS = LuaScript.argument(TTL.toMillis());

    /** Adds {@code token} to the fence of {@code key}, and begins the fence if there is none; ends after {@code timeout}. */
    public CompletableFuture<Void> raise(CacheKey key, byte[] token, Duration timeout) {
        return redis.eval(FENCE, List.of(key.inRedis()), List.of(token, MILLIS, NO), timeout)
                .thenApply(reply -> null);
    }

    /** Renews {@code token}, unless it is gone. */
    CompletableFuture<Void> renew(CacheKey key, byte[] token) {
        return redis.eval(FENCE, List.of(key.inRedis()), List.of(token, MILLIS, YES))
                .thenApply(reply -> null);
    }

    /** Takes {@code token} out of the fence after a commit or an unknown outcome, and invalidates {@code key}. */
    public CompletableFuture<Void> lift(CacheKey key, byte[] token) {
        return lift(key, token, YES, NOTHING, NO).thenApply(stored -> null);
    }

    /**
     * Like {@link #lift}, but stores {@code entry} if no other transaction has joined the fence and nothing has
     * invalidated the key since; returns whether it was stored.
     */
    public CompletableFuture<Boolean> liftWith(CacheKey key, byte[] token, byte[] entry, Duration ttl) {
        return lift(key, token, YES, entry, ttl.equals(Ttl.NO_EXPIRY) ? NO : LuaScript.argument(ttl.toMillis()));
    }

    /** Takes {@code token} out of the fence after a roll-back; if all were rolled back, {@code key} has its old value again. */
    public CompletableFuture<Void> rollBack(CacheKey key, byte[] token) {
        return lift(key, token, NO, NOTHING, NO).thenApply(stored -> null);
    }

    private CompletableFuture<Boolean> lift(CacheKey key, byte[] token, byte[] committed, byte[] entry, byte[] millis) {
        return redis.eval(LIFT, List.of(key.inRedis()), List.of(token, committed, entry, millis))
                .thenApply(reply -> reply.asLong() == 1);
    }

    /** Removes the values of {@code redisKeys}, but no fence; returns how many of the keys existed. */
    public CompletableFuture<Long> drop(Collection<String> redisKeys) {
        return redis.evalInParts(DROP, redisKeys);
    }
}
