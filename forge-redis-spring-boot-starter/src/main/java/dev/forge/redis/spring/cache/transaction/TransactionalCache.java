package dev.forge.redis.spring.cache.transaction;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheLookup;
import dev.forge.redis.cache.CacheMiss;
import dev.forge.redis.cache.LookupOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One cache, as the transaction of the calling thread looks it up and changes it. Without a transaction that may write, every change is
 * made at once.
 *
 * <p>Changes that are made at once fail as those of {@link Cache} when Redis is unavailable. Failures after a commit reach the handler
 * of the application.
 *
 * <p>Thread-safe.
 */
public final class TransactionalCache<V> {

    /** How long a transaction waits for the load of another caller, which may need the connection that this one holds. */
    private static final LookupOptions WAITING = LookupOptions.NONE.waitingFor(Duration.ofSeconds(1));

    private final Cache<V> cache;
    private final @Nullable CacheTransactions transactions;

    /** @param transactions makes changes wait for the commit of their transaction, or null if all are made at once */
    public TransactionalCache(Cache<V> cache, @Nullable CacheTransactions transactions) {
        this.cache = cache;
        this.transactions = transactions;
    }

    private @Nullable TransactionChanges changes() {
        return transactions == null ? null : transactions.current();
    }

    /** Returns whether changes of this thread wait for the commit of its transaction. */
    public boolean isDeferred() {
        return changes() != null;
    }

    /** Returns whether what this thread loads may be given to other callers before it is stored, and whether it may wait for theirs. */
    public boolean sharesLoads() {
        return transactions == null || (!transactions.isActive() && !transactions.readsSnapshot());
    }

    /** Returns whether what this thread loads may be stored at once, from any thread. */
    public boolean storesAtOnce() {
        return !isDeferred() && (transactions == null || !transactions.readsSnapshot());
    }

    /** Looks {@code key} up without a lease; null if Redis does not know its value in this transaction. */
    public @Nullable CacheLookup<V> peek(String key) {
        return isChangedHere(key) ? null : cache.peek(key);
    }

    /** Does what {@link #peek} does without blocking. */
    public CompletableFuture<@Nullable CacheLookup<V>> peekAsync(String key) {
        return isChangedHere(key)
                ? CompletableFuture.completedFuture(null)
                : cache.peekAsync(key).thenApply(found -> found);
    }

    /**
     * Looks {@code key} up for a caller that loads next; null if Redis does not know its value in this transaction.
     *
     * <p>No one waits for a miss in a transaction that may write. A miss stores nothing if this thread reads from before the latest
     * change of the key.
     */
    public @Nullable CacheLookup<V> lookup(String key) {
        return lookup(key, LookupOptions.NONE);
    }

    /** Does what {@link #lookup} does, and waits for the load of another caller, at most for a second. */
    public @Nullable CacheLookup<V> lookupWaiting(String key) {
        return lookup(key, WAITING);
    }

    private @Nullable CacheLookup<V> lookup(String key, LookupOptions options) {
        TransactionChanges changes = changes();
        if (changes != null && changes.concerns(cache, key)) {
            return null;
        }
        CacheLookup<V> found = cache.lookup(key, changes == null ? options : options.yielding());
        if (transactions != null && found instanceof CacheMiss<V> miss) {
            transactions.snapshots().check(miss);
        }
        return found;
    }

    private boolean isChangedHere(String key) {
        TransactionChanges changes = changes();
        return changes != null && changes.concerns(cache, key);
    }

    /** Runs {@code store}, which settles {@code miss}, and returns true; or leaves both to the end of the transaction. */
    public boolean settle(CacheMiss<V> miss, Runnable store) {
        TransactionChanges changes = changes();
        if (changes == null) {
            store.run();
            return true;
        }
        changes.load(store, miss::close);
        return false;
    }

    /** Evicts {@code key}; {@code failed} gives a failure after the commit to the handler of the application. */
    public void evict(String key, CacheTransactions.HandlerCall failed) {
        TransactionChanges changes = changes();
        if (changes == null) {
            cache.invalidate(key);
        } else {
            changes.evict(cache, key, changes.handled(failed));
        }
    }

    /** Stores a value, or with null that there is none; after a commit only if no other transaction has changed the key. */
    public void put(String key, @Nullable Supplier<V> value, CacheTransactions.HandlerCall failed) {
        TransactionChanges changes = changes();
        if (changes == null) {
            putNow(key, value);
        } else {
            changes.put(
                    cache,
                    key,
                    fence -> value == null ? fence.storeAbsenceAsync(key) : fence.storeAsync(key, value.get()),
                    changes.handled(failed));
        }
    }

    /** Does what {@link #put} does without a transaction. */
    public void putNow(String key, @Nullable Supplier<V> value) {
        if (value == null) {
            cache.putAbsence(key);
        } else {
            cache.put(key, value.get());
        }
    }

    /** Removes all values. */
    public void clear(CacheTransactions.HandlerCall failed) {
        TransactionChanges changes = changes();
        if (changes == null) {
            cache.clear();
        } else {
            changes.clear(cache, changes.handled(failed));
        }
    }

    /** Runs {@code invalidation}; which keys of the cache it concerns is not known. */
    public void invalidate(Runnable invalidation, CacheTransactions.HandlerCall failed) {
        TransactionChanges changes = changes();
        if (changes == null) {
            invalidation.run();
        } else {
            changes.invalidate(cache, invalidation, changes.handled(failed));
        }
    }
}
