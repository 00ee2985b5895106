package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Fences;
import dev.forge.redis.internal.thread.CallerFuture;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the old values of some keys from being served and stored while a transaction that changes them commits.
 *
 * <p>Raise it with {@link Cache#fence} as the last step before the commit, and end it after the transaction. In between,
 * look-ups in every process run their loaders and store nothing. So no look-up finds the old value once the commit has
 * returned, and no process that dies between the commit and {@link #commit()} leaves it behind: the fence ends by itself after
 * five seconds, and the old value with it. Until it is ended it is renewed, for at most ten minutes. A {@linkplain
 * CacheBuilder#nearCache near cache} of another process may serve an old value for up to {@code REDIS_NEAR_MAX_STALENESS} from
 * when the fence was raised.
 *
 * <p>Several transactions may fence one key. Its old value returns only if all of them were {@linkplain #rollBack rolled back},
 * and nothing else has invalidated it.
 *
 * <p>A plain {@code DEL} or {@code SET} by any client, {@link Cache#put}, {@link Cache#clear} and {@link
 * Cache#invalidateMatching}, memory pressure and a failover of Redis can end a fence early. Then a value that is loaded before
 * the commit may be stored, and {@link #commit()} removes it; it remains only if the process dies in between.
 *
 * <p>When Redis is unavailable, {@link #failure()} says why the fence is not complete. {@link #commit()} then fails as {@link
 * Cache#invalidate} does, and is remembered in the same way. {@link #rollBack} does not fail for that reason.
 *
 * <p>The fence on each key is ended once; later calls for that key do nothing. Thread-safe.
 *
 * @param <V> the type of the values
 */
public final class CacheFence<V> implements AutoCloseable {

    private final Fencing<V> fencing;
    private final Fences.Held held;
    private final @Nullable RedisFailure failure;

    // Guarded by this.
    private final Map<String, CacheKey> open;

    CacheFence(Fencing<V> fencing, Map<String, CacheKey> keys, Fences.Held held, @Nullable RedisFailure failure) {
        this.fencing = fencing;
        this.open = new LinkedHashMap<>(keys);
        this.held = held;
        this.failure = failure;
    }

    /** Returns why some keys may have no fence, or nothing if all have one. */
    public Optional<RedisFailure> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Stores {@code value} for {@code key} after the commit, unless another transaction has joined the fence or something has
     * invalidated the key: then the key has no value. Returns whether it was stored. Always false for a key without this fence.
     *
     * @throws dev.forge.redis.codec.CodecException as for {@link Cache#put}; the key then still has its fence
     * @throws RedisFailure if Redis has not acknowledged it; the invalidation is remembered
     */
    public boolean store(String key, V value) {
        return fencing.joined(storeAsync(key, value));
    }

    /** Non-blocking variant of {@link #store}. */
    public CompletableFuture<Boolean> storeAsync(String key, V value) {
        requireNonNull(value, "value");
        return stored(key, fenced -> fencing.store(fenced, held, value));
    }

    /** Like {@link #store}, but stores that {@code key} has no value, as {@link Cache#putAbsence} does. */
    public boolean storeAbsence(String key) {
        return fencing.joined(storeAbsenceAsync(key));
    }

    /** Non-blocking variant of {@link #storeAbsence}. */
    public CompletableFuture<Boolean> storeAbsenceAsync(String key) {
        return stored(key, fenced -> fencing.storeAbsence(fenced, held));
    }

    /**
     * Ends the fence after a commit, or if the outcome is unknown: the keys then have no value, whether the fence existed or not.
     */
    public void commit() {
        fencing.joined(commitAsync());
    }

    /** Non-blocking variant of {@link #commit}. */
    public CompletableFuture<Void> commitAsync() {
        return CallerFuture.of(fencing.commit(taken(), held));
    }

    /** Ends the fence after a roll-back. The old values return, unless other transactions have fenced or changed their keys. */
    public void rollBack() {
        fencing.joined(rollBackAsync());
    }

    /** Non-blocking variant of {@link #rollBack}. */
    public CompletableFuture<Void> rollBackAsync() {
        return CallerFuture.of(fencing.rollBack(taken(), held));
    }

    /** Like {@link #commit}, for the keys whose fence has not been ended: their outcome is unknown. */
    @Override
    public void close() {
        Collection<CacheKey> left = taken();
        if (left.isEmpty()) {
            fencing.end(held);
        } else {
            fencing.joined(fencing.commit(left, held));
        }
    }

    private synchronized Collection<CacheKey> taken() {
        List<CacheKey> taken = List.copyOf(open.values());
        open.clear();
        return taken;
    }

    private CompletableFuture<Boolean> stored(String key, Function<CacheKey, CompletableFuture<Boolean>> store) {
        CacheKey fenced;
        synchronized (this) {
            fenced = open.remove(requireNonNull(key, "key"));
        }
        if (fenced == null) {
            return CompletableFuture.completedFuture(false);
        }
        try {
            return CallerFuture.of(store.apply(fenced));
        } catch (Throwable notStorable) {
            synchronized (this) {
                open.put(key, fenced);
            }
            throw notStorable;
        }
    }
}
