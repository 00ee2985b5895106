package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one cache in Redis: takes and extends them, and ends them with or without a value.
 *
 * <p>A lease ensures that a stored value is never older than an invalidation (Nishtala et al., "Scaling Memcache at
 * Facebook", NSDI 2013). It is the value of the key itself, so any client that deletes or writes the key ends it.
 *
 * <p>When Redis is unavailable, taking a lease fails. Everything else then does nothing, is counted, and never fails.
 */
public final class LeaseStore {

    private static final LuaScript LEASE = LuaScript.beside(LeaseStore.class, "prelude.lua", "lease.lua");
    private static final LuaScript SETTLE = LuaScript.beside(LeaseStore.class, "prelude.lua", "settle.lua");
    private static final byte[] NOTHING = {};

    /** The reply of lease.lua beside a fence, in place of the remaining time of a lease. */
    private static final long FENCED = -2;

    /** The reply of lease.lua beside the lease of another transaction, to a transaction. */
    private static final long YIELDS_TO_NO_TRANSACTION = -3;

    private static final byte[] END = LuaScript.argument(0);
    private static final byte[] END_WITH_VALUE = LuaScript.argument(-1);
    private static final byte[] NO = LuaScript.argument(0);
    private static final byte[] YES = LuaScript.argument(1);

    private final RedisCore redis;
    private final byte[] millis;
    private final Outages outages;
    private final Consumer<CacheKey> gone;

    /**
     * @param ttl for how long a lease is taken
     * @param gone is called if a key no longer holds the lease of a load of this process
     */
    public LeaseStore(RedisCore redis, Duration ttl, Outages outages, Consumer<CacheKey> gone) {
        this.redis = redis;
        this.millis = LuaScript.argument(ttl.toMillis());
        this.outages = outages;
        this.gone = gone;
    }

    /**
     * The reply to an attempt to take a lease.
     *
     * @param token the lease, or null if it was not granted
     * @param entry the value beside the lease, or else the current entry
     * @param leftMillis the remaining time of the lease of another process; 0 if there is none, or {@link
     *     WrongType#IN_REPLY}, or {@link #FENCED}, or {@link #YIELDS_TO_NO_TRANSACTION}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Attempt(byte @Nullable [] token, byte[] entry, long leftMillis) {

        /** Returns whether the key has a fence, so that no one gets the lease. */
        boolean isFenced() {
            return leftMillis == FENCED;
        }

        /** Returns whether another transaction has the lease, for which no one waits. */
        boolean isRefusedToTransaction() {
            return leftMillis == YIELDS_TO_NO_TRANSACTION;
        }
    }

    /** Takes the lease on a key that has no entry. */
    CompletableFuture<Attempt> take(CacheKey key, LeaseKind kind) {
        return take(key, NOTHING, kind);
    }

    /** Takes the lease on a key that has no entry, or {@code unusable}, which is then removed. */
    CompletableFuture<Attempt> takeInPlaceOf(CacheKey key, byte[] unusable, LeaseKind kind) {
        return take(key, LuaScript.sha1Hex(unusable), kind);
    }

    /** Takes the lease on a key that has no entry, or one whose TTL is at most {@code leftMillis}, which stays. */
    CompletableFuture<Attempt> takeBeside(CacheKey key, long leftMillis, LeaseKind kind) {
        return take(key, LuaScript.argument(leftMillis), kind);
    }

    private CompletableFuture<Attempt> take(CacheKey key, byte[] replaceable, LeaseKind kind) {
        byte[] token = Entry.newToken();
        byte[] yields = kind == LeaseKind.YIELDING ? YES : NO;
        return redis.bulkWindow()
                .whenRoom(() -> redis.eval(LEASE, List.of(key.inRedis()), List.of(token, millis, replaceable, yields)))
                .thenApply(reply -> {
                    outages.storeWorked();
                    return reply.longAt(0) == 1
                            ? new Attempt(token, reply.bytesAt(1), 0)
                            : new Attempt(null, reply.bytesAt(1), reply.longAt(2));
                });
    }

    /** Stores {@code entry} if {@code key} still holds the lease; returns whether it did. */
    public CompletableFuture<Boolean> publish(CacheKey key, byte[] token, byte[] entry, Duration ttl) {
        return settle(key, token, entry, ttl.equals(Ttl.NO_EXPIRY) ? END : LuaScript.argument(ttl.toMillis()));
    }

    /** Says that what is being loaded for {@code key} may be old: it lost its lease, or one of its tags has changed. */
    public void doubt(CacheKey key) {
        gone.accept(key);
    }

    /** Gives the lease up, and removes the value beside it: what was loaded in its place is not stored. */
    public CompletableFuture<Boolean> giveUpWithValue(CacheKey key, byte[] token) {
        return settle(key, token, NOTHING, END_WITH_VALUE);
    }

    /** Gives the lease up, so that others need not wait for it to end. */
    public CompletableFuture<Boolean> giveUp(CacheKey key, byte[] token) {
        return settle(key, token, NOTHING, END);
    }

    /** Extends the lease of a failed load to {@code ttl} from now. */
    public CompletableFuture<Boolean> extend(CacheKey key, byte[] token, Duration ttl) {
        return extend(key, token, ttl, () -> {});
    }

    /** Extends the lease to {@code ttl} from now; runs {@code ifGone} if the key no longer holds it. */
    CompletableFuture<Boolean> extend(CacheKey key, byte[] token, Duration ttl, Runnable ifGone) {
        return settle(key, token, NOTHING, LuaScript.argument(ttl.toMillis()), ifGone);
    }

    private CompletableFuture<Boolean> settle(CacheKey key, byte[] token, byte[] entry, byte[] millis) {
        return settle(key, token, entry, millis, () -> gone.accept(key));
    }

    private CompletableFuture<Boolean> settle(
            CacheKey key, byte[] token, byte[] entry, byte[] millis, Runnable ifGone) {
        CompletableFuture<ScriptReply> reply;
        try {
            reply = redis.bulkWindow()
                    .whenRoom(() -> redis.eval(SETTLE, List.of(key.inRedis()), List.of(token, entry, millis)));
        } catch (IllegalStateException closed) {
            // The manager has closed while the loader ran: its value is returned, and the lease ends by itself.
            return CompletableFuture.completedFuture(false);
        }
        return reply.thenApply(done -> {
                    outages.storeWorked();
                    boolean wasThere = done.asLong() == 1;
                    if (!wasThere) {
                        ifGone.run();
                    }
                    return wasThere;
                })
                .exceptionally(failure -> {
                    outages.storeFailed(failure);
                    return false;
                });
    }
}
