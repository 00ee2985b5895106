package dev.forge.redis.internal.cache;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.cache.LeaseStore.Attempt;
import dev.forge.redis.internal.thread.BlockingCall;
import dev.forge.redis.internal.thread.OneAtATime;
import dev.forge.redis.key.Keyspace;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Look-ups of the entries of one cache in Redis. A key without a usable entry is answered with the lease on it.
 *
 * <p>When Redis is unavailable, a look-up returns {@link LookupResult.WithoutRedis}; this is counted and never fails.
 */
public final class RedisStore<V> {

    /** Stands for a key that could not be read, or whose value must not be trusted, among prefetched data. */
    public static final Object UNREAD = new Object();

    private static final int MOST_TRIES = 3;
    private static final long UNKNOWN_TTL = -1;

    /** The bytes of an entry whose decoding takes well below a millisecond. */
    private static final int LARGE = 8 * 1024;

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final EntryReader<V> reader;
    private final LeaseStore leases;
    private final Outages outages;
    private final boolean needsTtl;
    private final @Nullable NearCache<V> near;

    // One thread, so that many large values do not delay the renewal of leases, which also runs in the background.
    private final Executor decoding;

    // Fields, so that a look-up does not allocate them.
    private final Resolver<V> takesLease = (key, bytes, ttl) -> resolve(key, bytes, ttl, LeaseKind.EXCLUSIVE);
    private final Resolver<V> takesYieldingLease = (key, bytes, ttl) -> resolve(key, bytes, ttl, LeaseKind.YIELDING);
    private final Resolver<V> readsOnly = this::resolveReadOnly;

    /**
     * @param needsTtl whether a look-up also reads the TTL; values can be stale only then
     * @param near the near cache, or null
     */
    public RedisStore(
            RedisCore redis,
            Keyspace keyspace,
            EntryReader<V> reader,
            LeaseStore leases,
            Outages outages,
            boolean needsTtl,
            @Nullable NearCache<V> near) {
        this.redis = redis;
        this.keyspace = keyspace;
        this.reader = reader;
        this.leases = leases;
        this.outages = outages;
        this.needsTtl = needsTtl;
        this.near = near;
        this.decoding = new OneAtATime(redis.scheduler().background());
    }

    /** Looks {@code key} up; if it has no entry, takes a lease on it. The near cache may keep what this finds. */
    public CompletableFuture<LookupResult<V>> find(CacheKey key, LeaseKind kind) {
        return read(key, taking(kind));
    }

    /** Like {@link #find}, for one of many keys: the read is sent again while too many commands are under way. */
    public CompletableFuture<LookupResult<V>> findOfMany(CacheKey key) {
        return redis.bulkWindow()
                .whenRoom(() -> tried(key, takesLease))
                .exceptionallyCompose(failure -> readFailed(key, failure, takesLease));
    }

    private Resolver<V> taking(LeaseKind kind) {
        return kind == LeaseKind.YIELDING ? takesYieldingLease : takesLease;
    }

    /** Turns the bytes of a key into a result. */
    private interface Resolver<V> {
        CompletableFuture<LookupResult<V>> resolve(CacheKey key, Optional<byte[]> bytes, long ttl);
    }

    private CompletableFuture<LookupResult<V>> read(CacheKey key, Resolver<V> resolver) {
        return tried(key, resolver).exceptionallyCompose(failure -> readFailed(key, failure, resolver));
    }

    private CompletableFuture<LookupResult<V>> tried(CacheKey key, Resolver<V> resolver) {
        if (near != null) {
            return near.fetch(key).thenCompose(fetched -> keptInTime(key, near, fetched, resolver));
        }
        if (!needsTtl) {
            return redis.getBytes(key.inRedis()).thenCompose(there -> resolver.resolve(key, there, UNKNOWN_TTL));
        }
        BlockingCall.sideBySide();
        // In this order: a value that is written in between is found by the next look-up.
        return redis.getBytes(key.inRedis())
                .thenCombine(redis.pttl(key.inRedis()), (there, ttl) -> resolver.resolve(key, there, ttl))
                .thenCompose(resolved -> resolved);
    }

    /**
     * Like {@link #kept}, but on another thread for a large value: the thread that has read it also reads the invalidations
     * and the replies that renew trust, which must not wait until the value is decoded.
     */
    private CompletableFuture<LookupResult<V>> keptInTime(
            CacheKey key, NearCache<V> keeping, Fetched<V> fetched, Resolver<V> resolver) {
        return fetched.bytes().filter(bytes -> bytes.length > LARGE).isEmpty()
                ? kept(key, keeping, fetched, resolver)
                : CompletableFuture.supplyAsync(() -> kept(key, keeping, fetched, resolver), decoding)
                        .thenCompose(found -> found);
    }

    private CompletableFuture<LookupResult<V>> kept(
            CacheKey key, NearCache<V> keeping, Fetched<V> fetched, Resolver<V> resolver) {
        CompletableFuture<Long> ttl = fetched.isTracked() || !needsTtl
                ? CompletableFuture.completedFuture(fetched.ttlMillis())
                : redis.pttl(key.inRedis());
        return ttl.thenCompose(left -> {
                    LookupResult<V> now = fetched.bytes()
                            .map(bytes -> reader.usable(bytes, left))
                            .orElse(null);
                    // What another command finds is not kept: it may come from a node that sends no invalidation of it.
                    if (now instanceof LookupResult.Present<V> present && present.isLasting()) {
                        keeping.keep(fetched, present);
                    } else {
                        keeping.drop(fetched);
                    }
                    if (now == null) {
                        return resolver.resolve(key, fetched.bytes(), left);
                    }
                    outages.readWorked();
                    return CompletableFuture.completedFuture(now);
                })
                .whenComplete((found, failure) -> {
                    if (failure != null) {
                        keeping.drop(fetched);
                    }
                });
    }

    private CompletableFuture<LookupResult<V>> readFailed(CacheKey key, Throwable failure, Resolver<V> resolver) {
        if (!WrongType.is(failure)) {
            return CompletableFuture.completedFuture(outages.readFailed(failure));
        }
        outages.wrongType(key.inRedis());
        return resolver.resolve(key, WrongType.BYTES, UNKNOWN_TTL);
    }

    /** Like {@link #find}, but decodes on the thread of the caller. */
    public LookupResult<V> findSync(CacheKey key, LeaseKind kind) {
        if (readsEachKey()) {
            return redis.awaitFirst("cache look-up", () -> find(key, kind));
        }
        try {
            Optional<byte[]> bytes = redis.awaitFirst("cache look-up", () -> redis.getBytes(key.inRedis()));
            outages.readWorked();
            LookupResult<V> now = bytes.isEmpty() ? null : reader.usable(bytes.get(), UNKNOWN_TTL);
            return now == null
                    ? redis.awaitFirst("cache look-up", () -> resolveSlowly(key, bytes, UNKNOWN_TTL, kind))
                    : now;
        } catch (RedisFailure e) {
            return redis.await("cache look-up", readFailed(key, e, taking(kind)));
        }
    }

    /** Like {@link #find}, but takes no lease: without a usable entry the result is a miss. */
    public CompletableFuture<LookupResult<V>> peek(CacheKey key) {
        return read(key, readsOnly);
    }

    private CompletableFuture<LookupResult<V>> resolveReadOnly(CacheKey key, Optional<byte[]> bytes, long ttl) {
        outages.readWorked();
        if (bytes.isEmpty()) {
            return CompletableFuture.completedFuture(new LookupResult.Missing<>(null));
        }
        return reader.checked(Entry.decode(bytes.get()), ttl)
                .thenApply(found -> found == null ? new LookupResult.Missing<>(null) : found);
    }

    /**
     * Reads {@code keys}, as callers of the cache pass them, in one round trip. Each result is a value if it was quick
     * to decode, else the bytes, or null if there are none, or {@link #UNREAD}. Never fails because Redis is unavailable. Only
     * if not {@link #readsEachKey}.
     */
    public CompletableFuture<List<@Nullable Object>> prefetchAll(List<String> keys) {
        return redis.bulkWindow()
                .whenRoom(() -> redis.<Object>readAll(
                        keyspace, keys, reader.values()::decodeOrCopy, UNREAD, outages::readFailed))
                .<List<@Nullable Object>>thenApply(prefetched -> {
                    outages.readWorked();
                    return prefetched;
                })
                .exceptionally(failure -> {
                    outages.readFailed(failure);
                    return unread(keys);
                });
    }

    /** Returns {@link #UNREAD} for each of {@code keys}. */
    @SuppressWarnings("NullAway") // it does not see that the list may have nulls
    public static List<@Nullable Object> unread(List<String> keys) {
        return Collections.nCopies(keys.size(), UNREAD);
    }

    /** Returns the result for {@code prefetched} data, or null if that takes another command. */
    @SuppressWarnings("unchecked") // anything but byte[] is a decoded value
    @Nullable
    public LookupResult<V> fromPrefetched(@Nullable Object prefetched) {
        if (prefetched instanceof byte[] bytes) {
            return reader.usable(bytes, UNKNOWN_TTL);
        }
        return prefetched == null || prefetched == UNREAD
                ? null
                : new LookupResult.Present<>(Optional.of((V) prefetched), Long.MAX_VALUE, 0, true);
    }

    /** Returns the result for {@code prefetched} data; takes the lease if there is no usable value. */
    public CompletableFuture<LookupResult<V>> resolvePrefetched(CacheKey key, @Nullable Object prefetched) {
        if (prefetched == UNREAD) {
            return CompletableFuture.completedFuture(new LookupResult.WithoutRedis<>());
        }
        Optional<byte[]> entry = prefetched instanceof byte[] bytes ? Optional.of(bytes) : Optional.empty();
        return resolve(key, entry, UNKNOWN_TTL, LeaseKind.EXCLUSIVE);
    }

    /**
     * Returns whether each key is read with commands of its own, sent in one pipeline, instead of with MGET. A near
     * cache reads on the connection that receives invalidations, and MGET returns no TTL.
     */
    public boolean readsEachKey() {
        return needsTtl || near != null;
    }

    /**
     * Takes the lease on a value whose TTL is at most {@code leftMillis}; the value stays beside the lease until it is
     * replaced.
     */
    public CompletableFuture<LookupResult<V>> takeToRefresh(CacheKey key, long leftMillis, LeaseKind kind) {
        return leases.takeBeside(key, leftMillis, kind)
                .thenCompose(attempt -> result(key, attempt, kind, 1))
                .exceptionally(outages::storeFailed);
    }

    private CompletableFuture<LookupResult<V>> resolve(CacheKey key, Optional<byte[]> bytes, long ttl, LeaseKind kind) {
        outages.readWorked();
        LookupResult<V> now = bytes.isEmpty() ? null : reader.plain(bytes.get(), ttl);
        return now == null ? resolveSlowly(key, bytes, ttl, kind) : CompletableFuture.completedFuture(now);
    }

    /** Resolves what is not usable at once: decodes it, reads the markers of its tags, or takes the lease. */
    private CompletableFuture<LookupResult<V>> resolveSlowly(
            CacheKey key, Optional<byte[]> bytes, long ttl, LeaseKind kind) {
        CompletableFuture<LookupResult<V>> result = bytes.isEmpty()
                ? leases.take(key, kind).thenCompose(attempt -> result(key, attempt, kind, 1))
                : resolve(key, bytes.get(), ttl, kind, 1);
        return result.exceptionally(outages::storeFailed);
    }

    private CompletableFuture<LookupResult<V>> resolve(
            CacheKey key, byte[] bytes, long ttl, LeaseKind kind, int tries) {
        Entry entry = Entry.decode(bytes);
        return reader.checked(entry, ttl).thenCompose(found -> {
            if (found != null) {
                return CompletableFuture.completedFuture(found);
            }
            CompletableFuture<Attempt> attempt = entry instanceof Entry.Lease || entry instanceof Entry.Fence
                    ? leases.take(key, kind)
                    : leases.takeInPlaceOf(key, bytes, kind);
            return attempt.thenCompose(replied -> result(key, replied, kind, tries));
        });
    }

    /** Returns the result of an attempt to take the lease; if another entry is there by now, the result for that. */
    private CompletableFuture<LookupResult<V>> result(CacheKey key, Attempt attempt, LeaseKind kind, int tries) {
        if (attempt.token() != null) {
            return CompletableFuture.completedFuture(new LookupResult.Missing<>(attempt.token()));
        }
        if (attempt.leftMillis() > 0) {
            return CompletableFuture.completedFuture(new LookupResult.Busy<>(attempt.leftMillis()));
        }
        if (attempt.isFenced()) {
            return CompletableFuture.completedFuture(new LookupResult.Fenced<>());
        }
        if (attempt.leftMillis() == WrongType.IN_REPLY) {
            outages.wrongType(key.inRedis());
        }
        return tries < MOST_TRIES && !attempt.isRefusedToTransaction()
                ? resolve(key, attempt.entry(), UNKNOWN_TTL, kind, tries + 1)
                : CompletableFuture.completedFuture(new LookupResult.Missing<>(null));
    }
}
