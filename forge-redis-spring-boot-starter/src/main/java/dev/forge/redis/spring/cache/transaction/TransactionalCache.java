package dev.forge.redis.spring.cache.transaction;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheLookup;
import dev.forge.redis.cache.CacheMiss;
import dev.forge.redis.cache.LookupOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One cache, as the transaction of the calling thread looks it up and changes it. Without a transaction that may write, every change is
 * made at once.
 *
 * <p>Changes that are made at once fail like those of {@link Cache} when Redis is unavailable. Failures after a commit reach the
 * handler of the application.
 *
 * <p>A call may end on another thread, as one that returns a future does. What it changes there belongs to the transaction in which
 * it began: it is evicted at once, and once more after the commit; nothing is stored.
 *
 * <p>Thread-safe.
 */
public final class TransactionalCache<V> {

    /** How long a transaction waits for the load of another caller, which may need the connection that this one holds. */
    private static final LookupOptions WAITING = LookupOptions.NONE.waitingFor(Duration.ofSeconds(1));

    private final Cache<V> cache;
    private final @Nullable CacheTransactions transactions;

    /** The transaction in which a call began, or null if it may be any. */
    private final @Nullable TransactionChanges caller;

    /** @param transactions makes changes wait for the commit of their transaction, or null if all are made at once */
    public TransactionalCache(Cache<V> cache, @Nullable CacheTransactions transactions) {
        this(cache, transactions, null);
    }

    private TransactionalCache(
            Cache<V> cache, @Nullable CacheTransactions transactions, @Nullable TransactionChanges caller) {
        this.cache = cache;
        this.transactions = transactions;
        this.caller = caller;
    }

    /** Returns this cache for a call that begins on this thread. */
    public TransactionalCache<V> forCall() {
        TransactionChanges changes = changes();
        return changes == null ? this : new TransactionalCache<>(cache, transactions, changes);
    }

    private @Nullable TransactionChanges changes() {
        return transactions == null ? null : transactions.current();
    }

    /** Returns whether changes wait for the commit of the transaction of this thread or of the call. */
    public boolean isDeferred() {
        return caller != null || changes() != null;
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

    /** Non-blocking variant of {@link #peek}. */
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

    /** Like {@link #lookup}, but waits for the load of another caller, for at most a second. */
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
        if (transactions == null || mustChangeNow(changes -> changes.evict(cache, key, changes.handled(failed)))) {
            cache.invalidate(key);
        }
    }

    /**
     * Stores a value, or, if it is null, that there is none; after a commit only if no other transaction has changed the key. On a
     * thread other than that of its transaction, evicts the key instead, because the value may be one that is rolled back, or an old
     * one.
     */
    public void put(String key, @Nullable Supplier<V> value, CacheTransactions.HandlerCall failed) {
        TransactionChanges changes = changes();
        if (caller != null && caller != changes) {
            evict(key, failed);
        } else if (changes == null) {
            putNow(key, value);
        } else {
            changes.put(
                    cache,
                    key,
                    fence -> value == null ? fence.storeAbsenceAsync(key) : fence.storeAsync(key, value.get()),
                    changes.handled(failed));
        }
    }

    /** Like {@link #put}, but without a transaction. */
    public void putNow(String key, @Nullable Supplier<V> value) {
        if (value == null) {
            cache.putAbsence(key);
        } else {
            cache.put(key, value.get());
        }
    }

    /** Removes all values. */
    public void clear(CacheTransactions.HandlerCall failed) {
        if (transactions == null || mustChangeNow(changes -> changes.clear(cache, changes.handled(failed)))) {
            cache.clear();
        }
    }

    /** Runs {@code invalidation}; which keys of the cache it concerns is not known. */
    public void invalidate(Runnable invalidation, CacheTransactions.HandlerCall failed) {
        if (transactions == null
                || mustChangeNow(changes -> changes.invalidate(cache, invalidation, changes.handled(failed)))) {
            invalidation.run();
        }
    }

    /**
     * Non-blocking variant of {@link #invalidate}.
     *
     * @param now makes the same invalidation
     */
    public CompletableFuture<?> invalidateAsync(
            Runnable invalidation, Supplier<CompletableFuture<?>> now, CacheTransactions.HandlerCall failed) {
        return transactions == null
                        || mustChangeNow(changes -> changes.invalidate(cache, invalidation, changes.handled(failed)))
                ? now.get()
                : CompletableFuture.completedFuture(null);
    }

    /**
     * Leaves {@code change} to the transactions to which it may belong; returns whether it must be made at once as well. Not called
     * if there are no transactions: spring-tx may be missing, and then there can be no {@code change}.
     */
    private boolean mustChangeNow(Consumer<TransactionChanges> change) {
        TransactionChanges here = changes();
        if (here != null) {
            change.accept(here);
        }
        TransactionChanges began = caller;
        if (began == null || began == here) {
            return here == null;
        }
        began.changeElsewhere(() -> change.accept(began));
        // The transaction may have ended, or this thread may have written without it.
        return true;
    }
}
