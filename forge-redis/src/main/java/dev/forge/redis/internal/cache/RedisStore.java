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
 * The entries of one cache in Redis, and what may be done to them.
 *
 * <p>Without Redis a look-up says so, and storing does nothing: both are counted and neither fails. The lease is the reason
 * why what is stored is never older than an invalidation (Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013). It
 * stands in the key itself, so that deleting or writing the key, by anyone and in any way, ends it.
 */
public final class RedisStore<V> {

    private static final LuaScript LEASE = LuaScript.beside(RedisStore.class, "lease.lua");
    private static final LuaScript SETTLE = LuaScript.beside(RedisStore.class, "settle.lua");
    private static final byte[] NOTHING = {};
    private static final byte[] END = LuaScript.argument(0);
    private static final int MOST_TRIES = 3;
    private static final long UNKNOWN_LIFE = -1;

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final EntryCodec<V> values;
    private final Tags tags;
    private final Outages outages;
    private final Counters counters;
    private final long staleForMillis;
    private final boolean asksForLife;
    private final long leaseMillis;
    private final @Nullable Near<V> near;

    /**
     * @param asksForLife whether a look-up asks how long the value will live, too: only then is there anything stale
     * @param near what keeps values in memory, or null
     */
    public RedisStore(
            RedisCore redis,
            Keyspace keyspace,
            EntryCodec<V> values,
            Tags tags,
            Outages outages,
            Counters counters,
            Duration staleFor,
            boolean asksForLife,
            Duration lease,
            @Nullable Near<V> near) {
        this.redis = redis;
        this.keyspace = keyspace;
        this.values = values;
        this.tags = tags;
        this.outages = outages;
        this.counters = counters;
        this.staleForMillis = staleFor.toMillis();
        this.asksForLife = asksForLife;
        this.leaseMillis = lease.toMillis();
        this.near = near;
    }

    /** Looks {@code key} up; where it has no entry, takes the lease on it. What it finds may be kept in memory. */
    public CompletableFuture<LookupResult<V>> find(String key) {
        return read(key, this::judge);
    }

    /** Says what the bytes at a key mean. */
    private interface Judging<V> {
        CompletableFuture<LookupResult<V>> judge(String key, Optional<byte[]> bytes, long life);
    }

    private CompletableFuture<LookupResult<V>> read(String key, Judging<V> judging) {
        if (near != null) {
            return near.fetch(key)
                    .thenCompose(fetched -> kept(key, near, fetched, judging))
                    .exceptionallyCompose(failure -> withoutReading(key, failure, judging));
        }
        CompletableFuture<Optional<byte[]>> bytes = redis.getBytes(key);
        if (!asksForLife) {
            return bytes.thenCompose(there -> judging.judge(key, there, UNKNOWN_LIFE))
                    .exceptionallyCompose(failure -> withoutReading(key, failure, judging));
        }
        // In this order: a value that is written in between is judged when it is looked up the next time.
        return bytes.thenCombine(redis.pttl(key), (there, life) -> judging.judge(key, there, life))
                .thenCompose(judged -> judged)
                .exceptionallyCompose(failure -> withoutReading(key, failure, judging));
    }

    private CompletableFuture<LookupResult<V>> kept(
            String key, Near<V> keeping, Fetched<V> fetched, Judging<V> judging) {
        CompletableFuture<Long> life = fetched.isTracked() || !asksForLife
                ? CompletableFuture.completedFuture(fetched.lifeMillis())
                : redis.pttl(key);
        return life.thenCompose(left -> judging.judge(key, fetched.bytes(), left))
                .whenComplete((found, failure) -> {
                    if (found instanceof LookupResult.Present<V> present && present.isLasting()) {
                        keeping.keep(fetched, present);
                    } else {
                        fetched.drop();
                    }
                });
    }

    private CompletableFuture<LookupResult<V>> withoutReading(String key, Throwable failure, Judging<V> judging) {
        if (!WrongType.is(failure)) {
            return CompletableFuture.completedFuture(outages.withoutReading(failure));
        }
        outages.wrongType(key);
        return judging.judge(key, WrongType.BYTES, UNKNOWN_LIFE);
    }

    /** Does what {@link #find} does, and decodes on the thread of the caller. */
    public LookupResult<V> findSync(String key) {
        if (asksForLife || near != null) {
            return redis.await("cache look-up", find(key));
        }
        try {
            Optional<byte[]> bytes = redis.await("cache look-up", () -> redis.getBytes(key));
            LookupResult<V> now = bytes.isEmpty() ? null : usable(Entry.decode(bytes.get()), UNKNOWN_LIFE);
            if (now == null) {
                return redis.await("cache look-up", judge(key, bytes, UNKNOWN_LIFE));
            }
            outages.reads();
            return now;
        } catch (RedisFailure e) {
            return redis.await("cache look-up", withoutReading(key, e, this::judge));
        }
    }

    /** Returns the value at {@code key} if there is a fresh one, which may be kept in memory, and changes nothing. */
    public CompletableFuture<Optional<V>> peek(String key) {
        return read(key, this::look)
                .thenApply(
                        found -> found instanceof LookupResult.Present<V> present ? present.value() : Optional.empty());
    }

    private CompletableFuture<LookupResult<V>> look(String key, Optional<byte[]> bytes, long life) {
        outages.reads();
        if (bytes.isEmpty()) {
            return CompletableFuture.completedFuture(new LookupResult.Missing<>(null));
        }
        Entry entry = Entry.decode(bytes.get());
        return checked(entry, life).thenApply(found -> {
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
     * Reads what stands at each of {@code keys}, keys of the cache's users, in one round trip: a value, where it was easily read
     * on the way, or the bytes, or null. The result is null without Redis. For a cache that does not {@link #asksForLife}.
     */
    public CompletableFuture<@Nullable List<@Nullable Object>> arriveAll(List<String> keys) {
        return redis.bulkWindow()
                .whenRoom(() -> redis.<Object>readAll(keyspace, keys, values::arrived))
                .<@Nullable List<@Nullable Object>>thenApply(arrived -> {
                    outages.reads();
                    return arrived;
                })
                .exceptionally(failure -> {
                    outages.withoutReading(failure);
                    return null;
                });
    }

    /** Returns what {@code arrived}, which has been read, is good for without asking Redis; null if that takes more. */
    @SuppressWarnings("unchecked") // what is no entry is a value
    @Nullable
    public LookupResult<V> atOnce(@Nullable Object arrived) {
        if (arrived instanceof byte[] bytes) {
            return usable(Entry.decode(bytes), UNKNOWN_LIFE);
        }
        return arrived == null ? null : new LookupResult.Present<>(Optional.of((V) arrived), Long.MAX_VALUE, 0, true);
    }

    /** Returns what is found where {@code arrived} has been read, and takes the lease where that is nothing. */
    public CompletableFuture<LookupResult<V>> judgeArrived(String redisKey, @Nullable Object arrived) {
        return judge(redisKey, arrived instanceof byte[] bytes ? Optional.of(bytes) : Optional.empty(), UNKNOWN_LIFE);
    }

    /** Returns whether a look-up needs to know how long a value will live. */
    public boolean asksForLife() {
        return asksForLife;
    }

    /** Takes the lease on a value that has at most {@code leftMillis} to live, which stays there until it is replaced. */
    public CompletableFuture<LookupResult<V>> takeToRefresh(String key, long leftMillis) {
        return take(key, LuaScript.argument(leftMillis), 1).exceptionally(outages::withoutStoring);
    }

    /** Stores {@code entry} if the lease still stands at {@code key}; returns whether it did. */
    public CompletableFuture<Boolean> publish(String key, byte[] token, byte[] entry, Duration life) {
        byte[] millis = life.equals(Ttl.NO_EXPIRY) ? END : LuaScript.argument(life.toMillis());
        return settle(key, token, entry, millis);
    }

    /** Gives the lease up, so that nobody has to wait for it to end. */
    public CompletableFuture<Boolean> giveUp(String key, byte[] token) {
        return settle(key, token, NOTHING, END);
    }

    /** Lets the lease go on for {@code life} from now. */
    public CompletableFuture<Boolean> extend(String key, byte[] token, Duration life) {
        return settle(key, token, NOTHING, LuaScript.argument(life.toMillis()));
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
                    outages.stores();
                    return done.asLong() == 1;
                })
                .exceptionally(failure -> {
                    outages.withoutStoring(failure);
                    return false;
                });
    }

    private CompletableFuture<LookupResult<V>> judge(String key, Optional<byte[]> bytes, long life) {
        outages.reads();
        if (bytes.isEmpty()) {
            return take(key, NOTHING, 1).exceptionally(outages::withoutStoring);
        }
        return judge(key, bytes.get(), life, 1).exceptionally(outages::withoutStoring);
    }

    private CompletableFuture<LookupResult<V>> judge(String key, byte[] bytes, long life, int tries) {
        Entry entry = Entry.decode(bytes);
        return checked(entry, life).thenCompose(found -> {
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
                    outages.stores();
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
                            ? judge(key, reply.bytesAt(1), UNKNOWN_LIFE, tries + 1)
                            : CompletableFuture.completedFuture(new LookupResult.Missing<>(null));
                });
    }

    /** Returns what an entry says, or null if nobody can use it; asks for the tags of a value that has some. */
    private CompletableFuture<@Nullable LookupResult<V>> checked(Entry entry, long life) {
        if (entry.atHand() instanceof Entry.Value value && value.stamp() != null) {
            return tags.areValid(value.stamp()).thenApply(valid -> valid ? readable(entry, life) : null);
        }
        return CompletableFuture.completedFuture(readable(entry, life));
    }

    /** Returns what an entry says, or null if nobody can use it or it takes more than a look to find out. */
    private @Nullable LookupResult<V> usable(Entry entry, long life) {
        return entry.atHand() instanceof Entry.Value value && value.stamp() != null ? null : readable(entry, life);
    }

    private @Nullable LookupResult<V> readable(Entry entry, long life) {
        boolean leased = entry instanceof Entry.Lease;
        Entry inner = entry.atHand();
        long left = entry instanceof Entry.Lease lease && life >= 0 ? life - lease.beyond() : life;
        if (leased && left <= 0) {
            // What stands beside the lease has ended, or nobody has asked.
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
        // Whoever holds the lease is loading it already, so that there is no reason to do so early.
        if (fresh <= 0) {
            return new LookupResult.Stale<>(value);
        }
        boolean tagged = inner instanceof Entry.Value held && held.stamp() != null;
        return new LookupResult.Present<>(value, fresh, leased ? 0 : loadMillis, !leased && !tagged);
    }
}
