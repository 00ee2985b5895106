package dev.forge.redis.spring.cache.transaction;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheFence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What a transaction changes in caches: nothing until it commits.
 *
 * <p>As the last step before the commit all keys that it changes are fenced ({@link CacheFence}); keys that are changed after that are
 * fenced at once. After the commit, before the caller continues, the keys are invalidated or put. Until then the transaction
 * itself does not look up keys that it has changed: its methods run, and see what it has written. Values that it loads are stored
 * after the commit, if nothing has invalidated their keys since the look-up. After a rollback nothing is changed. If the outcome is
 * unknown, keys are invalidated.
 *
 * <p>Used by the thread of the transaction alone, except for {@link #changeElsewhere}.
 *
 * <pre>
 * OPEN ──> FENCED ──> ENDED        a change in ENDED only evicts: another transaction may have committed since
 * </pre>
 */
final class TransactionChanges extends TransactionBound {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionChanges.class);

    private enum Phase {
        OPEN,
        FENCED,
        ENDED
    }

    private final CacheTransactions transactions;
    private final Map<Cache<?>, KeyChanges<?>> caches = new LinkedHashMap<>();
    private final List<Load> loads = new ArrayList<>();

    /** Invalidations by tag or pattern, which have no fence. */
    private final Map<Cache<?>, List<Runnable>> invalidations = new LinkedHashMap<>();

    private Phase phase = Phase.OPEN;

    /** What other threads change, until the thread of the transaction takes it over; null after its end. Guarded by this. */
    private @Nullable List<Runnable> elsewhere = new ArrayList<>();

    /** A loaded value: it is stored, or its lease is given up. */
    private record Load(Runnable store, Runnable close) {}

    private TransactionChanges(CacheTransactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Returns the changes of the transaction of this thread, or null if it has none or only reads.
     *
     * @param transactions the settings, if the changes are those of its first caller
     */
    static @Nullable TransactionChanges current(CacheTransactions transactions) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()
                || !TransactionSynchronizationManager.isActualTransactionActive()
                || TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            return null;
        }
        TransactionChanges changes = existing();
        if (changes == null) {
            changes = new TransactionChanges(transactions);
            changes.bind();
            TransactionSynchronizationManager.registerSynchronization(changes.new FirstAfterCommit());
        }
        return changes;
    }

    /** Returns the changes of the transaction of this thread, or null if there are none. */
    static @Nullable TransactionChanges existing() {
        return bound(TransactionChanges.class);
    }

    /** Notes the commit before any other callback runs. */
    private final class FirstAfterCommit implements TransactionSynchronization {
        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }

        @Override
        public void afterCommit() {
            phase = Phase.ENDED;
        }
    }

    /**
     * Leaves {@code change} to the thread of this transaction, for a call that began there. It is lost if the transaction has ended,
     * so the caller must change the cache afterwards, too.
     */
    synchronized void changeElsewhere(Runnable change) {
        if (elsewhere != null) {
            elsewhere.add(change);
        }
    }

    /** Makes the changes of other threads changes of this one. */
    private void takeOver(boolean isLast) {
        List<Runnable> taken;
        synchronized (this) {
            taken = elsewhere == null ? List.of() : elsewhere;
            elsewhere = isLast || elsewhere == null ? null : new ArrayList<>();
        }
        taken.forEach(Runnable::run);
    }

    /** Returns whether this transaction has changed {@code key}, so that Redis does not know its value. */
    boolean concerns(Cache<?> cache, String key) {
        takeOver(false);
        KeyChanges<?> changes = caches.get(cache);
        return invalidations.containsKey(cache) || (changes != null && changes.concerns(key));
    }

    /**
     * Evicts {@code key} after the commit.
     *
     * @param failed handles a failure after the commit
     */
    <V> void evict(Cache<V> cache, String key, Consumer<RuntimeException> failed) {
        change(cache, key, null, failed);
    }

    /** Stores a value for {@code key} after the commit with {@code store}, if no other transaction has changed it. */
    <V> void put(Cache<V> cache, String key, KeyChanges.Store<V> store, Consumer<RuntimeException> failed) {
        change(cache, key, store, failed);
    }

    private <V> void change(
            Cache<V> cache, String key, KeyChanges.@Nullable Store<V> store, Consumer<RuntimeException> failed) {
        of(cache).change(key, store, failed);
        if (phase == Phase.FENCED) {
            fence();
        }
    }

    /** Returns what hands a failure after the commit to the handler of the application, by {@code call}. */
    Consumer<RuntimeException> handled(CacheTransactions.HandlerCall call) {
        return transactions.failure(call);
    }

    /** Clears {@code cache} after the commit; there is no fence for that. */
    void clear(Cache<?> cache, Consumer<RuntimeException> failed) {
        of(cache).clear(failed);
    }

    @SuppressWarnings("unchecked") // made for this cache
    private <V> KeyChanges<V> of(Cache<V> cache) {
        return (KeyChanges<V>) caches.computeIfAbsent(cache, KeyChanges::new);
    }

    /** Runs {@code invalidation} after the commit; which keys of {@code cache} it concerns is not known. */
    void invalidate(Cache<?> cache, Runnable invalidation, Consumer<RuntimeException> failed) {
        invalidations.computeIfAbsent(cache, any -> new ArrayList<>()).add(() -> {
            try {
                invalidation.run();
            } catch (RuntimeException e) {
                failed.accept(e);
            }
        });
    }

    void load(Runnable store, Runnable close) {
        loads.add(new Load(store, close));
    }

    /** What was loaded or put may be what is now undone. */
    @Override
    public void savepointRollback(Object savepoint) {
        loads.forEach(load -> run(load.close()));
        loads.clear();
        caches.values().forEach(KeyChanges::evictWhatIsPut);
    }

    @Override
    public void beforeCommit(boolean readOnly) {
        fence();
    }

    /** Fences all keys that have no fence yet, within half a second. */
    void fence() {
        takeOver(false);
        phase = Phase.FENCED;
        // Asks the connection, while there is one, whether the changes must leave marks.
        transactions.snapshots().current();
        List<Supplier<@Nullable RuntimeException>> raising = new ArrayList<>();
        caches.values().forEach(changes -> raising.add(changes.raise()));
        RuntimeException unfenced = null;
        for (Supplier<@Nullable RuntimeException> each : raising) {
            RuntimeException failure = each.get();
            unfenced = failure == null ? unfenced : failure;
        }
        if (unfenced != null) {
            if (transactions.failsUnfenced()) {
                throw unfenced;
            }
            LOG.debug("A transaction commits without fences: {}", unfenced.getMessage());
        }
    }

    @Override
    public void afterCompletion(int status) {
        super.afterCompletion(status);
        phase = Phase.ENDED;
        takeOver(true);
        for (Load load : loads) {
            run(status == STATUS_COMMITTED ? load.store() : load.close());
        }
        if (status == STATUS_UNKNOWN) {
            caches.values().forEach(KeyChanges::evictWhatIsPut);
        }
        if (status != STATUS_ROLLED_BACK) {
            invalidations.values().forEach(each -> each.forEach(TransactionChanges::run));
        }
        List<KeyChanges.Step> steps = new ArrayList<>();
        caches.values()
                .forEach(changes -> steps.addAll(status == STATUS_ROLLED_BACK ? changes.rollBack() : changes.commit()));
        steps.forEach(step -> run(step::await));
    }

    /** The transaction is over, so a failure must not look like its own. What Redis has not acknowledged is sent again. */
    private static void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.warn("A cache was not changed after a transaction: {}", e.getMessage());
        }
    }
}
