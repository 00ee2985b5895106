package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.LeaseKind;
import dev.forge.redis.internal.cache.LeaseWait;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.NearCache;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.internal.cache.PendingInvalidations;
import dev.forge.redis.internal.cache.RedisStore;
import dev.forge.redis.key.Keyspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one look-up before a load: ask the near cache, send pending invalidations of the key, read from Redis, and wait for
 * the load of another process.
 */
record Lookup<V>(
        Keyspace keyspace,
        @Nullable NearCache<V> near,
        RedisStore<V> store,
        PendingInvalidations pending,
        LeaseWait waiting,
        Counters counters,
        Awaiting awaiting) {

    /** Returns what the near cache has for {@code key}, as callers pass it, or null. Allocates nothing. */
    @Nullable
    Optional<V> inMemory(String key) {
        Held<V> held = near == null ? null : near.get(requireNonNull(key, "key"));
        if (held == null) {
            return null;
        }
        counters.nearHits.increment();
        return held.value();
    }

    /** Like {@link #findNow}, but on the thread of the caller unless invalidations are pending. */
    LookupResult<V> findNowSync(CacheKey key, LeaseKind kind) {
        return pending.concerns(key.inRedis()) ? awaiting.await(findNow(key, kind)) : store.findSync(key, kind);
    }

    /** Blocks for a future, with the timeout and the errors of a caller of the cache. */
    interface Awaiting {
        <T> T await(CompletableFuture<T> future);
    }

    /** Like {@link RedisStore#prefetchAll}, but without the keys with pending invalidations, which cannot be trusted. */
    CompletableFuture<List<@Nullable Object>> prefetchAll(List<String> keys) {
        return pending.size() == 0
                ? store.prefetchAll(keys)
                : pending.sendFor(keys.stream().map(keyspace::key).toList()).thenCompose(done -> prefetchTrusted(keys));
    }

    private CompletableFuture<List<@Nullable Object>> prefetchTrusted(List<String> keys) {
        List<Integer> trusted = IntStream.range(0, keys.size())
                .filter(i -> !pending.concerns(keyspace.key(keys.get(i))))
                .boxed()
                .toList();
        if (trusted.isEmpty()) {
            // Not by the store: it would note that Redis has answered.
            return CompletableFuture.completedFuture(RedisStore.unread(keys));
        }
        return store.prefetchAll(trusted.stream().map(keys::get).toList()).thenApply(read -> {
            List<@Nullable Object> all = new ArrayList<>(RedisStore.unread(keys));
            for (int i = 0; i < read.size(); i++) {
                all.set(trusted.get(i), read.get(i));
            }
            return all;
        });
    }

    /** Looks {@code key} up, without waiting for the load of another process; without an entry it gets a lease of {@code kind}. */
    CompletableFuture<LookupResult<V>> findNow(CacheKey key, LeaseKind kind) {
        return pending.concerns(key.inRedis())
                ? findOnceTrusted(key, () -> store.find(key, kind))
                : store.find(key, kind);
    }

    /** Like {@link #findNow}, for one of many keys: see {@link RedisStore#findOfMany}. */
    CompletableFuture<LookupResult<V>> findOfMany(CacheKey key) {
        return pending.concerns(key.inRedis())
                ? findOnceTrusted(key, () -> store.findOfMany(key))
                : store.findOfMany(key);
    }

    private CompletableFuture<LookupResult<V>> findOnceTrusted(
            CacheKey key, Supplier<CompletableFuture<LookupResult<V>>> find) {
        return pending.sendFor(List.of(key.inRedis()))
                .thenCompose(done -> pending.concerns(key.inRedis())
                        ? CompletableFuture.completedFuture(new LookupResult.WithoutRedis<>())
                        : find.get());
    }

    /**
     * Returns {@code found}; if that is the lease of another process, first waits for its load, for at most {@code longest}. After
     * each wait {@code again} looks the key up.
     */
    CompletableFuture<LookupResult<V>> settled(
            CacheKey key, LookupResult<V> found, Duration longest, Supplier<CompletableFuture<LookupResult<V>>> again) {
        return settled(key, found, again, System.nanoTime() + longest.toNanos(), 0);
    }

    private CompletableFuture<LookupResult<V>> settled(
            CacheKey key,
            LookupResult<V> found,
            Supplier<CompletableFuture<LookupResult<V>>> again,
            long until,
            int times) {
        if (!(found instanceof LookupResult.Busy<V> busy)) {
            return CompletableFuture.completedFuture(found);
        }
        long leftNanos = until - System.nanoTime();
        if (leftNanos <= 0) {
            return CompletableFuture.completedFuture(new LookupResult.Missing<>(null));
        }
        if (times == 0) {
            counters.waits.increment();
        }
        return waiting.change(key, Math.min(busy.leftMillis(), TimeUnit.NANOSECONDS.toMillis(leftNanos)), times)
                .thenCompose(changed -> again.get())
                .thenCompose(now -> settled(key, now, again, until, times + 1));
    }
}
