package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.key.KeyPattern;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The puts and invalidations of one cache: in Redis, and in the memory of this process before and after. */
record Changes<V>(RedisCore redis, CacheParts<V> parts) {

    /** Implements {@link Cache#putAsync(String, Object)}. */
    CompletableFuture<Void> put(String key, V value) {
        return put(key, value, parts.writer.optionsOf(requireNonNull(value, "value")));
    }

    /** Implements {@link Cache#putAsync(String, Object, EntryOptions)}. */
    CompletableFuture<Void> put(String key, V value, EntryOptions options) {
        CacheKey changed = parts.key(key);
        requireNonNull(value, "value");
        requireNonNull(options, "options");
        EntryWriter.Given given = parts.writer.given(value, options);
        return put(changed, () -> parts.writer.put(given, written(changed)));
    }

    /** Implements {@link Cache#putAbsenceAsync}. */
    CompletableFuture<Void> putAbsence(String key) {
        if (parts.options.absenceTtl == null) {
            return invalidate(key).thenApply(count -> null);
        }
        CacheKey changed = parts.key(key);
        return put(changed, () -> parts.writer.putAbsence(parts.options.absenceTtl, written(changed)));
    }

    private EntryWriter.Write<Void> written(CacheKey key) {
        return (entry, ttl) -> redis.setBytes(key.inRedis(), entry, ttl);
    }

    private CompletableFuture<Void> put(CacheKey changed, Supplier<CompletableFuture<Void>> write) {
        List<String> redisKeys = List.of(changed.inRedis());
        return parts.guard
                .run(redisKeys, () -> forget(changed), () -> parts.marks.before(redisKeys, write))
                .thenRun(parts.counters.puts::increment);
    }

    /** Implements {@link Cache#putAllAsync}. */
    CompletableFuture<Void> putAll(Map<String, V> values) {
        List<Map.Entry<String, V>> all = values.entrySet().stream()
                .map(each -> Map.entry(requireNonNull(each.getKey(), "key"), requireNonNull(each.getValue(), "value")))
                .toList();
        return parts.window.forEach(
                all.size(),
                number -> put(all.get(number).getKey(), all.get(number).getValue()));
    }

    /** Implements {@link Cache#invalidateAsync}. */
    CompletableFuture<Long> invalidate(String... keys) {
        List<CacheKey> changed = Arrays.stream(keys).map(parts::key).toList();
        List<String> redisKeys = changed.stream().map(CacheKey::inRedis).toList();
        return counted(invalidated(changed, () -> parts.fenceStore.drop(redisKeys)));
    }

    /** Runs {@code change}, which removes the values of {@code keys}; if it fails, their invalidation is sent later. */
    <T> CompletableFuture<T> invalidated(List<CacheKey> keys, Supplier<CompletableFuture<T>> change) {
        List<String> redisKeys = keys.stream().map(CacheKey::inRedis).toList();
        return parts.guard.invalidate(
                redisKeys, () -> keys.forEach(this::forget), () -> parts.marks.before(redisKeys, change));
    }

    /** Implements {@link Cache#invalidateTagAsync}. */
    CompletableFuture<Void> invalidateTag(String tag) {
        EntryOptions.checkTag(tag);
        return changed("tag " + tag, () -> parts.tags.invalidate(tag));
    }

    /** Implements {@link Cache#invalidateMatchingAsync}. */
    CompletableFuture<Long> invalidateMatching(KeyPattern pattern) {
        return counted(changed("pattern " + pattern, () -> redis.deletePattern(parts.options.keyspace, pattern)));
    }

    /** Implements {@link Cache#clearAsync}. */
    CompletableFuture<Long> clear() {
        return counted(changed("everything", () -> redis.clearNamespace(parts.options.keyspace)));
    }

    /** Runs {@code change}, which may affect any key; if it fails, it is sent again later under {@code name}. */
    private <T> CompletableFuture<T> changed(String name, Supplier<CompletableFuture<T>> change) {
        return parts.guard.runOther(name, this::forgetEverything, () -> parts.marks.beforeAny(change));
    }

    private CompletableFuture<Long> counted(CompletableFuture<Long> removed) {
        return removed.thenApply(count -> {
            parts.counters.removals.add(count);
            return count;
        });
    }

    /** Removes the value of a key from this process, and keeps running look-ups from serving later callers. */
    void forget(CacheKey key) {
        if (parts.near != null) {
            parts.near.forget(key);
        }
        parts.flights.forget(key.inRedis());
        parts.refreshes.forget(key.inRedis());
    }

    private void forgetEverything() {
        if (parts.near != null) {
            parts.near.forgetAll();
        }
        parts.flights.forgetAll();
        parts.refreshes.forgetAll();
    }
}
