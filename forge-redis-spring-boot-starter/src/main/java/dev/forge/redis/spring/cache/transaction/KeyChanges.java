package dev.forge.redis.spring.cache.transaction;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheFence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction changes in one cache: its keys, which are fenced before the commit, and whether it is cleared.
 *
 * <p>Used by the thread of the transaction alone.
 */
final class KeyChanges<V> {

    private final Cache<V> cache;
    private final Map<String, Change<V>> changes = new LinkedHashMap<>();
    private final List<Fenced<V>> fences = new ArrayList<>();
    private @Nullable Consumer<RuntimeException> clearFailed;

    KeyChanges(Cache<V> cache) {
        this.cache = cache;
    }

    /** Stores the value of a key through the fence on it; returns whether it was stored. */
    interface Store<V> {
        CompletableFuture<Boolean> store(CacheFence<V> fence);
    }

    /**
     * A change of one key.
     *
     * @param store stores its new value, or null if the key is evicted
     * @param failed handles what fails after the commit
     */
    private record Change<V>(@Nullable Store<V> store, Consumer<RuntimeException> failed) {}

    private record Fenced<V>(Set<String> keys, CacheFence<V> fence) {}

    /** A step after the transaction that has begun, and what handles its failure. */
    record Step(CompletableFuture<?> end, Consumer<RuntimeException> failed) {

        /** Waits for the end; never fails. */
        void await() {
            try {
                end.join();
            } catch (CompletionException e) {
                failed.accept(e.getCause() instanceof RuntimeException cause ? cause : e);
            }
        }
    }

    boolean concerns(String key) {
        return clearFailed != null || changes.containsKey(key);
    }

    void change(String key, @Nullable Store<V> store, Consumer<RuntimeException> failed) {
        changes.put(key, new Change<>(store, failed));
    }

    void clear(Consumer<RuntimeException> failed) {
        changes.clear();
        clearFailed = failed;
    }

    /** Evicts what it would have put: the transaction has undone some of its writes. */
    void evictWhatIsPut() {
        changes.replaceAll((key, change) -> new Change<>(null, change.failed()));
    }

    /** Begins to raise a fence on each changed key that has none; the result throws why it is not complete. */
    Supplier<@Nullable RuntimeException> raise() {
        Set<String> open = new HashSet<>(changes.keySet());
        fences.forEach(fenced -> open.removeAll(fenced.keys()));
        if (open.isEmpty()) {
            return () -> null;
        }
        CompletableFuture<CacheFence<V>> raising = begun(() -> cache.fenceAsync(open));
        return () -> {
            try {
                CacheFence<V> fence = raising.join();
                fences.add(new Fenced<>(open, fence));
                return fence.failure().orElse(null);
            } catch (CompletionException e) {
                return e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        };
    }

    /** Begins to lift the fences after a roll-back. */
    List<Step> rollBack() {
        List<Step> steps = new ArrayList<>();
        fences.forEach(fenced -> steps.add(new Step(begun(fenced.fence()::rollBackAsync), failure -> {})));
        return steps;
    }

    /** Begins to make the changes. Values are stored only through a fence; without one their keys are evicted. */
    List<Step> commit() {
        List<Step> steps = new ArrayList<>();
        if (clearFailed != null) {
            new Step(begun(cache::clearAsync), clearFailed).await();
        }
        Map<String, Change<V>> plain = new LinkedHashMap<>(changes);
        for (Fenced<V> fenced : fences) {
            List<Change<V>> evictions = new ArrayList<>();
            for (String key : fenced.keys()) {
                Change<V> change = plain.remove(key);
                if (change != null && change.store() != null) {
                    Store<V> store = change.store();
                    steps.add(new Step(begun(() -> store.store(fenced.fence())), change.failed()));
                } else if (change != null) {
                    evictions.add(change);
                }
            }
            // All keys that are left: evictions, values that could not be encoded, and keys that were cleared.
            steps.add(evicting(begun(fenced.fence()::commitAsync), evictions));
        }
        if (!plain.isEmpty()) {
            String[] keys = plain.keySet().toArray(String[]::new);
            steps.add(evicting(begun(() -> cache.invalidateAsync(keys)), List.copyOf(plain.values())));
        }
        return steps;
    }

    private static <V> Step evicting(CompletableFuture<?> end, List<Change<V>> evictions) {
        return new Step(
                end, failure -> evictions.forEach(change -> change.failed().accept(failure)));
    }

    private static <T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
