package dev.forge.redis.cache;

import dev.forge.redis.LuaScript;
import dev.forge.redis.OutageLog;
import dev.forge.redis.RedisFailure;
import dev.forge.redis.RedisManager;
import dev.forge.redis.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of one cache in Redis, and what may be done to them.
 *
 * <p>Without Redis a look-up finds nothing and grants no lease, and storing does nothing: both are counted and neither fails.
 * The lease is the reason why what is stored is never older than an invalidation (Nishtala et al., "Scaling Memcache at
 * Facebook", NSDI 2013). It stands in the key itself, so that deleting or writing the key, by anyone and in any way, ends it.
 */
final class Slot<V> {

    private static final Logger LOG = LoggerFactory.getLogger(Cache.class);
    private static final LuaScript LEASE = LuaScript.beside(Slot.class, "lease.lua");
    private static final LuaScript PUBLISH = LuaScript.beside(Slot.class, "publish.lua");
    private static final byte[] NOTHING = {};

    private final RedisManager redis;
    private final String cache;
    private final Codec<V> codec;
    private final Duration leaseTime;
    private final Counters counters;

    // Apart, because a server that takes no writes would otherwise come and go with every look-up.
    private final OutageLog reading = new OutageLog();
    private final OutageLog storing = new OutageLog();

    Slot(RedisManager redis, String cache, Codec<V> codec, Duration leaseTime, Counters counters) {
        this.redis = redis;
        this.cache = cache;
        this.codec = codec;
        this.leaseTime = leaseTime;
        this.counters = counters;
    }

    /** Looks {@code key} up; where it has no entry, takes the lease on it. */
    CompletableFuture<Found<V>> find(String key) {
        return redis.getBytesAsync(key).thenCompose(bytes -> judge(key, bytes)).exceptionally(this::withoutRedis);
    }

    /** Does what {@link #find} does, and decodes on the thread of the caller. */
    Found<V> findSync(String key) {
        try {
            return judge(key, redis.getBytesSync(key)).join();
        } catch (RedisFailure | CompletionException e) {
            return withoutRedis(e);
        }
    }

    /** Returns the value at {@code key} if there is one, and changes nothing. */
    CompletableFuture<Optional<V>> peek(String key) {
        return redis.getBytesAsync(key)
                .thenApply(bytes -> bytes.flatMap(this::read).orElseGet(() -> new Found.Missing<>(null)))
                .exceptionally(this::withoutRedis)
                .thenApply(found -> found instanceof Found.Present<V> present ? present.value() : Optional.empty());
    }

    /** Looks all of {@code keys} up in one round trip, and takes the leases on those that have no entry in a second. */
    CompletableFuture<List<Found<V>>> findAll(List<String> keys) {
        return redis.getAllBytesAsync(keys)
                .thenCompose(all -> judgeAll(keys, all))
                .exceptionally(failure -> {
                    Found<V> missing = withoutRedis(failure);
                    return keys.stream().map(key -> missing).toList();
                });
    }

    /** Stores {@code entry} if {@code lease} still stands at {@code key}. */
    CompletableFuture<Void> publish(String key, byte @Nullable [] lease, byte[] entry, Duration ttl) {
        byte[] life = LuaScript.argument(ttl.equals(RedisManager.NO_EXPIRY) ? 0 : ttl.toMillis());
        return settle(key, lease, entry, life);
    }

    /** Gives {@code lease} up, so that nobody has to wait for it to end. */
    CompletableFuture<Void> release(String key, byte @Nullable [] lease) {
        return settle(key, lease, NOTHING, NOTHING);
    }

    private CompletableFuture<Void> settle(String key, byte @Nullable [] lease, byte[] entry, byte[] life) {
        if (lease == null) {
            return CompletableFuture.completedFuture(null);
        }
        return redis.evalAsync(PUBLISH, List.of(key), List.of(lease, entry, life))
                .handle((reply, failure) -> {
                    if (failure != null) {
                        notStored(failure);
                    } else {
                        stores();
                        if (reply.asLong() == 0) {
                            counters.refusals.increment();
                        }
                    }
                    return null;
                });
    }

    private CompletableFuture<Found<V>> judge(String key, Optional<byte[]> bytes) {
        reading.worked(() -> LOG.info("The cache {} has Redis again", cache));
        if (bytes.isPresent()) {
            Optional<Found<V>> found = read(bytes.get());
            if (found.isPresent()) {
                return CompletableFuture.completedFuture(found.get());
            }
            counters.unreadable.increment();
        }
        List<byte[]> args = List.of(Entry.newLease(), LuaScript.argument(leaseTime.toMillis()), bytes.orElse(NOTHING));
        return redis.evalAsync(LEASE, List.of(key), args)
                .thenApply(reply -> {
                    stores();
                    return reply.asBytes()
                            .map(held -> read(held).orElseGet(() -> new Found.Missing<>(null)))
                            .orElseGet(() -> new Found.Missing<>(args.get(0)));
                })
                .exceptionally(this::notStored);
    }

    private CompletableFuture<List<Found<V>>> judgeAll(List<String> keys, List<Optional<byte[]>> all) {
        List<CompletableFuture<Found<V>>> judged = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            judged.add(judge(keys.get(i), all.get(i)));
        }
        return CompletableFuture.allOf(judged.toArray(CompletableFuture[]::new))
                .thenApply(done -> judged.stream().map(CompletableFuture::join).toList());
    }

    /** Returns what an entry says, or nothing if it cannot be read. */
    private Optional<Found<V>> read(byte[] bytes) {
        Entry entry = Entry.decode(bytes);
        if (entry instanceof Entry.Value value) {
            try {
                return Optional.of(new Found.Present<>(Optional.of(codec.decode(value.content()))));
            } catch (RuntimeException e) {
                LOG.debug("A value of the cache {} cannot be read and counts as missing: {}", cache, e.getMessage());
                return Optional.empty();
            }
        }
        if (entry instanceof Entry.Absence) {
            return Optional.of(new Found.Present<>(Optional.empty()));
        }
        return entry instanceof Entry.Lease ? Optional.of(new Found.Missing<>(null)) : Optional.empty();
    }

    private void stores() {
        storing.worked(() -> LOG.info("The cache {} stores in Redis again", cache));
    }

    private Found<V> notStored(Throwable thrown) {
        return missing(thrown, storing, "The cache {} stores nothing in Redis: {}");
    }

    private Found<V> withoutRedis(Throwable thrown) {
        return missing(thrown, reading, "The cache {} goes on without Redis: {}");
    }

    /** Notes a failure of Redis; anything else is a fault of ours and is thrown. */
    private Found<V> missing(Throwable thrown, OutageLog log, String message) {
        RedisFailure failure = RedisFailure.in(thrown).orElseThrow(() -> new CompletionException(thrown));
        counters.redisFailures.increment();
        log.failed(() -> LOG.warn(message, cache, failure.getMessage()));
        return new Found.Missing<>(null);
    }
}
