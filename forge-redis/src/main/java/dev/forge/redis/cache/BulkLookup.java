package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.internal.cache.NearCache;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.internal.cache.RedisStore;
import dev.forge.redis.internal.cache.flight.LoaderRun;
import dev.forge.redis.internal.thread.Futures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Look-ups of many keys at once. */
record BulkLookup<V>(CacheParts<V> parts) {

    /** Implements {@link Cache#getAll}. */
    Map<String, V> getAll(Collection<String> keys, BulkLoader<V> loader) {
        List<String> wanted = wanted(keys);
        Map<String, V> near = near(wanted);
        if (near != null) {
            return near;
        }
        List<@Nullable Object> prefetched = parts.awaiting.await(prefetchAll(wanted));
        Map<String, V> whole = whole(wanted, prefetched);
        if (whole != null) {
            return whole;
        }
        BulkRounds<V> rounds = new BulkRounds<>(parts, loader, wanted, prefetched, LoaderRun.current());
        while (!rounds.isDone()) {
            for (BulkBlock<V> block = rounds.nextBlock(); block != null; block = rounds.nextBlock()) {
                load(block);
            }
            if (!rounds.isDone()) {
                LoaderRun.awaiting(rounds.joined(), () -> parts.awaiting.await(rounds.nextRound()));
            }
        }
        return rounds.values();
    }

    /** Looks the block up, and loads what is missing on this thread. */
    private void load(BulkBlock<V> block) {
        try {
            parts.awaiting.await(block.lookUp());
            if (block.isMissingAny()) {
                parts.awaiting.await(block.publish(block.load()));
            }
        } catch (Throwable failure) {
            block.giveUp(failure, Thread.currentThread().isInterrupted());
            throw failure;
        }
    }

    /** Implements {@link Cache#getAllAsync}. */
    CompletableFuture<Map<String, V>> getAllAsync(Collection<String> keys, BulkLoader<V> loader) {
        List<String> wanted = wanted(keys);
        Map<String, V> near = near(wanted);
        if (near != null) {
            return CompletableFuture.completedFuture(near);
        }
        LoaderRun callerRun = LoaderRun.current();
        return prefetchAll(wanted).thenCompose(prefetched -> {
            Map<String, V> whole = whole(wanted, prefetched);
            if (whole != null) {
                return CompletableFuture.completedFuture(whole);
            }
            BulkRounds<V> rounds = new BulkRounds<>(parts, loader, wanted, prefetched, callerRun);
            CompletableFuture<Void> end = new CompletableFuture<>();
            repeat(() -> step(rounds), end);
            return end.thenApply(done -> rounds.values());
        });
    }

    /** Takes one step; returns whether another is needed. */
    private CompletableFuture<Boolean> step(BulkRounds<V> rounds) {
        BulkBlock<V> block = rounds.nextBlock();
        if (block != null) {
            return loadAsync(block).thenApply(done -> true);
        }
        return rounds.isDone()
                ? CompletableFuture.completedFuture(false)
                : rounds.nextRound().thenApply(done -> true);
    }

    /** Looks the block up, and loads what is missing on the executor of the cache. */
    private CompletableFuture<Void> loadAsync(BulkBlock<V> block) {
        return block.lookUp()
                .thenCompose(done -> block.isMissingAny()
                        ? CompletableFuture.supplyAsync(block::load, parts.options.executor)
                                .thenCompose(block::publish)
                        : CompletableFuture.<Void>completedFuture(null))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        block.giveUp(Futures.unwrapped(failure), false);
                    }
                });
    }

    /**
     * Repeats {@code step} while it returns true, and then completes {@code end}. Steps that complete at once run in a loop, so that
     * the stack does not grow.
     */
    private static void repeat(Supplier<CompletableFuture<Boolean>> step, CompletableFuture<Void> end) {
        try {
            CompletableFuture<Boolean> now = step.get();
            while (now.isDone()) {
                if (!now.join()) {
                    end.complete(null);
                    return;
                }
                now = step.get();
            }
            now.whenComplete((again, failure) -> {
                if (failure != null) {
                    end.completeExceptionally(Futures.unwrapped(failure));
                } else if (again) {
                    repeat(step, end);
                } else {
                    end.complete(null);
                }
            });
        } catch (Throwable failure) {
            end.completeExceptionally(Futures.unwrapped(failure));
        }
    }

    private static List<String> wanted(Collection<String> keys) {
        List<String> wanted = new ArrayList<>(keys.size());
        keys.forEach(key -> wanted.add(requireNonNull(key, "key")));
        return wanted;
    }

    private CompletableFuture<@Nullable List<@Nullable Object>> prefetchAll(List<String> wanted) {
        return parts.store.readsEachKey() || wanted.isEmpty()
                ? CompletableFuture.<@Nullable List<@Nullable Object>>completedFuture(null)
                : parts.lookup.prefetchAll(wanted).thenApply(read -> read);
    }

    /** Returns all values if the near cache has each, or else null. */
    private @Nullable Map<String, V> near(List<String> wanted) {
        NearCache<V> near = parts.near;
        if (near == null) {
            return null;
        }
        Map<String, V> values = new LinkedHashMap<>(wanted.size() * 4 / 3 + 1);
        int hits = 0;
        for (String key : wanted) {
            Held<V> held = near.get(key);
            if (held == null) {
                return null;
            }
            if (held.value().isEmpty() || values.put(key, held.value().get()) == null) {
                hits++;
            }
        }
        parts.counters.nearHits.add(hits);
        return values;
    }

    /** Returns all values if each was prefetched and decoded, which is the fast path, or else null. */
    @SuppressWarnings("unchecked") // anything but byte[] is a decoded value
    private @Nullable Map<String, V> whole(List<String> wanted, @Nullable List<@Nullable Object> prefetched) {
        if (prefetched == null) {
            return null;
        }
        for (Object one : prefetched) {
            if (one == null || one instanceof byte[] || one == RedisStore.UNREAD) {
                return null;
            }
        }
        Map<String, V> whole = new LinkedHashMap<>(wanted.size() * 4 / 3 + 1);
        for (int i = 0; i < wanted.size(); i++) {
            whole.put(wanted.get(i), (V) requireNonNull(prefetched.get(i)));
        }
        parts.counters.hits.add(whole.size());
        return whole;
    }
}
