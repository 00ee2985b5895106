package dev.forge.redis.internal.cache;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one cache in Redis: look-ups, leases and stores.
 *
 * <p>When Redis is unavailable, a look-up returns {@link LookupResult.WithoutRedis} and a store does nothing; both are
 * counted and neither fails. The lease ensures that a stored value is never older than an invalidation (Nishtala et
 * al., "Scaling Memcache at Facebook", NSDI 2013). It is the value of the key itself, so any client that deletes or
 * writes the key ends it.
 */
public final class RedisStore<V> {

    private static final LuaScript LEASE = LuaScript.beside(RedisStore.class, "lease.lua");
    private static final LuaScript SETTLE = LuaScript.beside(RedisStore.class, "settle.lua");
    private static final byte[] NOTHING = {};
    private static final byte[] END = LuaScript.argument(0);
    private static final int MOST_TRIES = 3;
    private static final long UNKNOWN_TTL = -1;

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final EntryCodec<V> values;
    private final Tags tags;
    private final Outages outages;
    private final Counters counters;
    private final long staleForMillis;
    private final boolean needsTtl;
    private final long leaseMillis;
    private final @Nullable Near<V> near;

    /**
     * @param needsTtl whether a look-up also reads the TTL; values can be stale only then
     * @param near the near cache, or null
     */
    public RedisStore(
            RedisCore redis,
            Keyspace keyspace,
            EntryCodec<V> values,
            Tags tags,
            Outages outages,
            Counters counters,
            Duration staleFor,
            boolean needsTtl,
            Duration lease,
            @Nullable Near<V> near) {
        this.redis = redis;
        this.keyspace = keyspace;
        this.values = values;
        this.tags = tags;
        this.outages = outages;
        this.counters = counters;
        this.staleForMillis = staleFor.toMillis();
        this.needsTtl = needsTtl;
        this.leaseMillis = lease.toMillis();
        this.near = near;
    }

    /** Looks {@code key} up; if it has no entry, takes the lease on it. The near cache may keep what this finds. */
    public CompletableFuture<LookupResult<V>> find(String key) {
        return read(key, this::resolve);
    }

    /** Turns the bytes of a key into a result. */
    private interface Resolver<V> {
        CompletableFuture<LookupResult<V>> resolve(String key, Optional<byte[]> bytes, long ttl);
    }

    private CompletableFuture<LookupResult<V>> read(String key, Resolver<V> resolver) {
        if (near != null) {
            return near.fetch(key)
                    .thenCompose(fetched -> kept(key, near, fetched, resolver))
                    .exceptionallyCompose(failure -> readFailed(key, failure, resolver));
        }
        CompletableFuture<Optional<byte[]>> bytes = redis.getBytes(key);
        if (!needsTtl) {
            return bytes.thenCompose(there -> resolver.resolve(key, there, UNKNOWN_TTL))
                    .exceptionallyCompose(failure -> readFailed(key, failure, resolver));
        }
        // In this order: a value that is written in between is found by the next look-up.
        return bytes.thenCombine(redis.pttl(key), (there, ttl) -> resolver.resolve(key, there, ttl))
                .thenCompose(resolved -> resolved)
                .exceptionallyCompose(failure -> readFailed(key, failure, resolver));
    }

    private CompletableFuture<LookupResult<V>> kept(
            String key, Near<V> keeping, Fetched<V> fetched, Resolver<V> resolver) {
        CompletableFuture<Long> ttl = fetched.isTracked() || !needsTtl
                ? CompletableFuture.completedFuture(fetched.ttlMillis())
                : redis.pttl(key);
        return ttl.thenCompose(left -> resolver.resolve(key, fetched.bytes(), left))
                .whenComplete((found, failure) -> {
                    if (found instanceof LookupResult.Present<V> present && present.isLasting()) {
                        keeping.keep(fetched, present);
                    } else {
                        fetched.drop();
                    }
                });
    }

    private CompletableFuture<LookupResult<V>> readFailed(String key, Throwable failure, Resolver<V> resolver) {
        if (!WrongType.is(failure)) {
            return CompletableFuture.completedFuture(outages.readFailed(failure));
        }
        outages.wrongType(key);
        return resolver.resolve(key, WrongType.BYTES, UNKNOWN_TTL);
    }

    /** Does what {@link #find} does, and decodes on the thread of the caller. */
    public LookupResult<V> findSync(String key) {
        if (needsTtl || near != null) {
            return redis.await("cache look-up", find(key));
        }
        try {
            Optional<byte[]> bytes = redis.await("cache look-up", () -> redis.getBytes(key));
            LookupResult<V> now = bytes.isEmpty() ? null : usable(Entry.decode(bytes.get()), UNKNOWN_TTL);
            if (now == null) {
                return redis.await("cache look-up", resolve(key, bytes, UNKNOWN_TTL));
            }
            outages.readWorked();
            return now;
        } catch (RedisFailure e) {
            return redis.await("cache look-up", readFailed(key, e, this::resolve));
        }
    }

    /** Returns the value of {@code key} if it is fresh; takes no lease. The near cache may keep the value. */
    public CompletableFuture<Optional<V>> peek(String key) {
        return read(key, this::resolveReadOnly)
                .thenApply(
                        found -> found instanceof LookupResult.Present<V> present ? present.value() : Optional.empty());
    }

    private CompletableFuture<LookupResult<V>> resolveReadOnly(String key, Optional<byte[]> bytes, long ttl) {
        outages.readWorked();
        if (bytes.isEmpty()) {
            return CompletableFuture.completedFuture(new LookupResult.Missing<>(null));
        }
        Entry entry = Entry.decode(bytes.get());
        return checked(entry, ttl).thenApply(found -> {
            if (found != null) {
                return found;
            }
            if (!(entry instanceof Entry.Lease)) {
                counters.unreadable.increment();
            }
            return new LookupResult.Missing<>(null);
        });
    }

    /**
     * Reads {@code keys}, as callers of the cache pass them, in one round trip. Each result is a value if it was quick
     * to decode, else the bytes, or null if there are none. The whole result is null if Redis is unavailable. Only if
     * not {@link #needsTtl}.
     */
    public CompletableFuture<@Nullable List<@Nullable Object>> prefetchAll(List<String> keys) {
        return redis.bulkWindow()
                .whenRoom(() -> redis.<Object>readAll(keyspace, keys, values::decodeOrCopy))
                .<@Nullable List<@Nullable Object>>thenApply(prefetched -> {
                    outages.readWorked();
                    return prefetched;
                })
                .exceptionally(failure -> {
                    outages.readFailed(failure);
                    return null;
                });
    }

    /** Returns the result for {@code prefetched} data, or null if that takes another command. */
    @SuppressWarnings("unchecked") // anything but byte[] is a decoded value
    @Nullable
    public LookupResult<V> fromPrefetched(@Nullable Object prefetched) {
        if (prefetched instanceof byte[] bytes) {
            return usable(Entry.decode(bytes), UNKNOWN_TTL);
        }
        return prefetched == null
                ? null
                : new LookupResult.Present<>(Optional.of((V) prefetched), Long.MAX_VALUE, 0, true);
    }

    /** Returns the result for {@code prefetched} data; takes the lease if there is no usable value. */
    public CompletableFuture<LookupResult<V>> resolvePrefetched(String redisKey, @Nullable Object prefetched) {
        return resolve(
                redisKey, prefetched instanceof byte[] bytes ? Optional.of(bytes) : Optional.empty(), UNKNOWN_TTL);
    }

    /** Returns whether a look-up also reads the TTL of the key. */
    public boolean needsTtl() {
        return needsTtl;
    }

    /**
     * Takes the lease on a value whose TTL is at most {@code leftMillis}; the value stays beside the lease until it is
     * replaced.
     */
    public CompletableFuture<LookupResult<V>> takeToRefresh(String key, long leftMillis) {
        return take(key, LuaScript.argument(leftMillis), 1).exceptionally(outages::storeFailed);
    }

    /** Stores {@code entry} if {@code key} still holds the lease; returns whether it did. */
    public CompletableFuture<Boolean> publish(String key, byte[] token, byte[] entry, Duration ttl) {
        byte[] millis = ttl.equals(Ttl.NO_EXPIRY) ? END : LuaScript.argument(ttl.toMillis());
        return settle(key, token, entry, millis);
    }

    /** Gives the lease up, so that others need not wait for it to end. */
    public CompletableFuture<Boolean> giveUp(String key, byte[] token) {
        return settle(key, token, NOTHING, END);
    }

    /** Extends the lease to {@code ttl} from now. */
    public CompletableFuture<Boolean> extend(String key, byte[] token, Duration ttl) {
        return settle(key, token, NOTHING, LuaScript.argument(ttl.toMillis()));
    }

    private CompletableFuture<Boolean> settle(String key, byte[] token, byte[] entry, byte[] millis) {
        CompletableFuture<ScriptReply> reply;
        try {
            reply = redis.bulkWindow().whenRoom(() -> redis.eval(SETTLE, List.of(key), List.of(token, entry, millis)));
        } catch (IllegalStateException closed) {
            // The manager has closed while the loader ran: its value is returned, and the lease ends by itself.
            return CompletableFuture.completedFuture(false);
        }
        return reply.thenApply(done -> {
                    outages.storeWorked();
                    return done.asLong() == 1;
                })
                .exceptionally(failure -> {
                    outages.storeFailed(failure);
                    return false;
                });
    }

    private CompletableFuture<LookupResult<V>> resolve(String key, Optional<byte[]> bytes, long ttl) {
        outages.readWorked();
        if (bytes.isEmpty()) {
            return take(key, NOTHING, 1).exceptionally(outages::storeFailed);
        }
        return resolve(key, bytes.get(), ttl, 1).exceptionally(outages::storeFailed);
    }

    private CompletableFuture<LookupResult<V>> resolve(String key, byte[] bytes, long ttl, int tries) {
        Entry entry = Entry.decode(bytes);
        return checked(entry, ttl).thenCompose(found -> {
            if (found != null) {
                return CompletableFuture.completedFuture(found);
            }
            if (entry instanceof Entry.Lease) {
                return take(key, NOTHING, tries);
            }
            counters.unreadable.increment();
            return take(key, LuaScript.sha1Hex(bytes), tries);
        });
    }

    private CompletableFuture<LookupResult<V>> take(String key, byte[] replaceable, int tries) {
        byte[] token = Entry.newToken();
        return redis.bulkWindow()
                .whenRoom(() ->
                        redis.eval(LEASE, List.of(key), List.of(token, LuaScript.argument(leaseMillis), replaceable)))
                .thenCompose(reply -> {
                    outages.storeWorked();
                    if (reply.longAt(0) == 1) {
                        return CompletableFuture.completedFuture(new LookupResult.Missing<>(token));
                    }
                    long left = reply.longAt(2);
                    if (left > 0) {
                        return CompletableFuture.completedFuture(new LookupResult.Busy<>(left));
                    }
                    if (left == WrongType.IN_REPLY) {
                        outages.wrongType(key);
                    }
                    return tries < MOST_TRIES
                            ? resolve(key, reply.bytesAt(1), UNKNOWN_TTL, tries + 1)
                            : CompletableFuture.completedFuture(new LookupResult.Missing<>(null));
                });
    }

    /** Returns the result for an entry, or null if it is not usable; reads the tag markers of a value that has tags. */
    private CompletableFuture<@Nullable LookupResult<V>> checked(Entry entry, long ttl) {
        if (entry.withoutLease() instanceof Entry.Value value && value.stamp() != null) {
            return tags.areValid(value.stamp()).thenApply(valid -> valid ? readable(entry, ttl) : null);
        }
        return CompletableFuture.completedFuture(readable(entry, ttl));
    }

    /** Returns the result for an entry, or null if it is not usable or that takes another command. */
    private @Nullable LookupResult<V> usable(Entry entry, long ttl) {
        return entry.withoutLease() instanceof Entry.Value value && value.stamp() != null ? null : readable(entry, ttl);
    }

    private @Nullable LookupResult<V> readable(Entry entry, long ttl) {
        boolean leased = entry instanceof Entry.Lease;
        Entry inner = entry.withoutLease();
        long left = entry instanceof Entry.Lease lease && ttl >= 0 ? ttl - lease.beyond() : ttl;
        if (leased && left <= 0) {
            // The value beside the lease has expired, or the TTL was not read.
            return null;
        }
        Optional<V> value;
        int loadMillis;
        if (inner instanceof Entry.Value held) {
            value = values.decode(held);
            loadMillis = held.loadMillis();
        } else if (inner instanceof Entry.Absence absence) {
            value = Optional.empty();
            loadMillis = absence.loadMillis();
        } else {
            return null;
        }
        if (value == null) {
            return null;
        }
        long fresh = left < 0 ? Long.MAX_VALUE : left - staleForMillis;
        // Below, a leased value gets the load time 0: it is being refreshed already, so no early refresh is needed.
        if (fresh <= 0) {
            return new LookupResult.Stale<>(value);
        }
        boolean tagged = inner instanceof Entry.Value held && held.stamp() != null;
        return new LookupResult.Present<>(value, fresh, leased ? 0 : loadMillis, !leased && !tagged);
    }
}
