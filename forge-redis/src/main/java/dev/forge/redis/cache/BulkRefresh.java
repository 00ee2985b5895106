package dev.forge.redis.cache;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.LookupResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A refresh of the stale values of a bulk look-up, by one run of its loader. It begins when all leases have been taken or refused,
 * because no value may be loaded before the lease under which it is stored. After a failure no process tries again for a while.
 */
final class BulkRefresh<V> {

    private final CacheParts<V> parts;
    private final BulkLoader<V> loader;

    /** The leases that are being taken, and one more until {@link #begin}. */
    private final AtomicInteger awaited = new AtomicInteger(1);

    // Guarded by this.
    private final List<Refresh<V>> granted = new ArrayList<>();

    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** The refresh of one value, and its end. */
    private record Refresh<V>(CacheKey key, Leases.Held held, CompletableFuture<Optional<V>> end) {}

    BulkRefresh(CacheParts<V> parts, BulkLoader<V> loader) {
        this.parts = parts;
        this.loader = loader;
    }

    /** Adds a key whose lease is being taken; the future ends when its value is stored. */
    CompletableFuture<Optional<V>> add(CacheKey key, CompletableFuture<LookupResult<V>> lease) {
        awaited.incrementAndGet();
        CompletableFuture<Optional<V>> end = new CompletableFuture<>();
        lease.whenComplete((found, failure) -> {
            byte[] token = failure == null ? found.token() : null;
            if (token != null) {
                synchronized (this) {
                    granted.add(new Refresh<>(key, parts.leases.keep(key, token), end));
                }
            } else if (found instanceof LookupResult.Present<V> present) {
                end.complete(present.value());
            } else {
                end.completeExceptionally(
                        failure == null ? new IllegalStateException("the lease was not granted") : failure);
            }
            arrived();
        });
        return end;
    }

    /**
     * Called when all keys have been added: the loader runs once their leases have been taken or refused. The result ends with its
     * run, and does not fail.
     */
    CompletableFuture<Void> begin() {
        arrived();
        return ended;
    }

    private void arrived() {
        if (awaited.decrementAndGet() > 0) {
            return;
        }
        List<Refresh<V>> all;
        synchronized (this) {
            all = List.copyOf(granted);
        }
        if (all.isEmpty()) {
            ended.complete(null);
            return;
        }
        load(all).whenComplete((done, failure) -> {
            ended.complete(null);
            if (failure != null) {
                all.forEach(each -> failed(each, failure));
            }
        });
    }

    private CompletableFuture<Void> load(List<Refresh<V>> all) {
        Set<String> keys = new LinkedHashSet<>();
        all.forEach(each -> keys.add(each.key().given()));
        return parts.writer
                .clock()
                .thenCompose(clock -> CompletableFuture.supplyAsync(
                                () -> parts.loads.all(keys, loader), parts.options.executor)
                        .thenCompose(loaded ->
                                parts.window.forEach(all.size(), number -> stored(all.get(number), clock, loaded))));
    }

    private CompletableFuture<Optional<V>> stored(Refresh<V> refresh, long clock, Loaded<Map<String, V>> loaded) {
        Optional<V> value = Optional.ofNullable(loaded.value().get(refresh.key().given()));
        return parts.writer
                .store(refresh.key(), refresh.held().token(), clock, new Loaded<>(value, loaded.time()))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        parts.leases.end(refresh.held());
                        refresh.end().complete(value);
                    }
                });
    }

    private void failed(Refresh<V> refresh, Throwable failure) {
        if (refresh.end().completeExceptionally(failure)) {
            var unused = parts.leases.giveUpLater(refresh.held(), Refreshes.PAUSE);
        }
    }
}
