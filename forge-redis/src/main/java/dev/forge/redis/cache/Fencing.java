package dev.forge.redis.cache;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Fences;
import dev.forge.redis.internal.thread.Futures;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Raises and lifts the fences of one cache: in Redis, and in the memory of this process before and after. */
record Fencing<V>(CacheParts<V> parts, Changes<V> changes) {

    /** How long a transaction waits for its fence. */
    static final Duration LONGEST_WAIT = Duration.ofMillis(500);

    /** Implements {@link Cache#fenceAsync}. */
    CompletableFuture<CacheFence<V>> raise(Collection<String> given) {
        Map<String, CacheKey> keys = new LinkedHashMap<>();
        given.forEach(key -> keys.put(key, parts.key(key)));
        List<CacheKey> fenced = List.copyOf(keys.values());
        Fences.Held held = parts.fences.keep(fenced);
        fenced.forEach(changes::forget);
        CompletableFuture<Void> raising = parts.window.forEach(
                fenced.size(), number -> parts.fenceStore.raise(fenced.get(number), held.token(), LONGEST_WAIT));
        CompletableFuture<CacheFence<V>> raised = parts.scheduler
                .within(LONGEST_WAIT, raising)
                .handle((done, failure) -> {
                    fenced.forEach(changes::forget);
                    return new CacheFence<>(this, keys, held, failure == null ? null : reason(held, failure));
                });
        // Its caller may have cancelled it or been interrupted: then no one can end the fence.
        CompletableFuture<CacheFence<V>> result = new CompletableFuture<>();
        raised.whenComplete((fence, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (!result.complete(fence)) {
                parts.fences.end(held);
            }
        });
        return result;
    }

    private @Nullable RedisFailure reason(Fences.Held held, Throwable failure) {
        if (Futures.unwrapped(failure) instanceof TimeoutException) {
            return new RedisOutcomeUnknownException(
                    "a fence of the cache " + parts.options.name() + " was not acknowledged within "
                            + LONGEST_WAIT.toMillis() + " ms; it may or may not be there",
                    null);
        }
        return RedisFailure.in(failure).orElseThrow(() -> {
            parts.fences.end(held);
            return new CompletionException(Futures.unwrapped(failure));
        });
    }

    /** Stops renewing the fence. */
    void end(Fences.Held held) {
        parts.fences.end(held);
    }

    /** Lifts the fence on {@code keys} after a commit, and invalidates them. */
    CompletableFuture<Void> commit(Collection<CacheKey> keys, Fences.Held held) {
        parts.fences.end(held);
        List<CacheKey> fenced = List.copyOf(keys);
        return changes.invalidated(
                fenced,
                () -> parts.window.forEach(
                        fenced.size(), number -> parts.fenceStore.lift(fenced.get(number), held.token())));
    }

    /** Lifts the fence on {@code keys} after a roll-back. Never fails because of Redis: a fence ends by itself. */
    CompletableFuture<Void> rollBack(Collection<CacheKey> keys, Fences.Held held) {
        parts.fences.end(held);
        List<CacheKey> fenced = List.copyOf(keys);
        return parts.window
                .forEach(fenced.size(), number -> parts.fenceStore.rollBack(fenced.get(number), held.token()))
                .exceptionally(failure -> {
                    if (RedisFailure.in(failure).isPresent()) {
                        return null;
                    }
                    throw new CompletionException(Futures.unwrapped(failure));
                });
    }

    /** Lifts the fence on {@code key} after a commit, and stores {@code value} if that is the latest. */
    CompletableFuture<Boolean> store(CacheKey key, Fences.Held held, V value) {
        // Before anything is sent: a value that cannot be stored leaves the fence to the caller.
        EntryWriter.Given given = parts.writer.given(value, parts.writer.optionsOf(value));
        return changes.invalidated(List.of(key), () -> parts.writer.put(given, lifted(key, held)));
    }

    /** Like {@link #store}, but stores that {@code key} has no value. */
    CompletableFuture<Boolean> storeAbsence(CacheKey key, Fences.Held held) {
        Duration ttl = parts.options.absenceTtl;
        return ttl == null
                ? changes.invalidated(
                                List.of(key),
                                () -> parts.window.whenRoom(() -> parts.fenceStore.lift(key, held.token())))
                        .thenApply(done -> false)
                : changes.invalidated(List.of(key), () -> parts.writer.putAbsence(ttl, lifted(key, held)));
    }

    private EntryWriter.Write<Boolean> lifted(CacheKey key, Fences.Held held) {
        return (entry, ttl) -> parts.window.whenRoom(() -> parts.fenceStore.liftWith(key, held.token(), entry, ttl));
    }

    <T> T joined(CompletableFuture<T> future) {
        return parts.awaiting.await(future);
    }
}
