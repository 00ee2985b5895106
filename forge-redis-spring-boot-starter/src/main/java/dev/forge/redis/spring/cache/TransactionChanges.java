package dev.forge.redis.spring.cache;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What a transaction changes in caches: nothing until it commits.
 *
 * <p>After the commit, before the caller continues, the keys are invalidated or put. Until then the transaction itself does not look
 * up keys that it has changed: its methods run, and see what it has written. Values that it loads are stored after the commit, if
 * nothing has invalidated their keys since the look-up. After a rollback nothing is changed. If the outcome is unknown, keys are
 * invalidated.
 */
final class TransactionChanges implements TransactionSynchronization {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionChanges.class);
    private static final Object RESOURCE = TransactionChanges.class;

    private final Map<Key, Change> changes = new LinkedHashMap<>();
    private final Set<String> cleared = new HashSet<>();
    private final List<Load> loads = new ArrayList<>();

    /** Invalidations by tag or pattern, by the name of their cache. */
    private final Map<String, List<Runnable>> invalidations = new LinkedHashMap<>();

    private record Key(String cache, @Nullable String key) {}

    /**
     * A change of one key, or of a whole cache.
     *
     * @param commit makes the change
     * @param invalidate removes what may be old, if the outcome is unknown
     */
    private record Change(Runnable commit, Runnable invalidate) {}

    /** A loaded value: it is stored, or its lease is given up. */
    private record Load(Runnable store, Runnable close) {}

    private TransactionChanges() {}

    /** Returns the changes of the transaction of this thread, or null if it has none or only reads. */
    static @Nullable TransactionChanges current() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()
                || !TransactionSynchronizationManager.isActualTransactionActive()
                || TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            return null;
        }
        TransactionChanges changes = (TransactionChanges) TransactionSynchronizationManager.getResource(RESOURCE);
        if (changes == null) {
            changes = new TransactionChanges();
            TransactionSynchronizationManager.bindResource(RESOURCE, changes);
            TransactionSynchronizationManager.registerSynchronization(changes);
        }
        return changes;
    }

    /** Returns whether this transaction has changed {@code key}, so that Redis does not know its value. */
    boolean concerns(String cache, String key) {
        return invalidations.containsKey(cache) || cleared.contains(cache) || changes.containsKey(new Key(cache, key));
    }

    void change(String cache, String key, Runnable commit, Runnable invalidate) {
        Key changed = new Key(cache, key);
        // At the end, so that the order is that of the latest changes.
        changes.remove(changed);
        changes.put(changed, new Change(commit, invalidate));
    }

    void clear(String cache, Runnable clear) {
        changes.keySet().removeIf(key -> key.cache().equals(cache));
        cleared.add(cache);
        changes.put(new Key(cache, null), new Change(clear, clear));
    }

    /** Runs {@code invalidation} after the commit; which keys of {@code cache} it concerns is not known. */
    void invalidate(String cache, Runnable invalidation) {
        invalidations.computeIfAbsent(cache, name -> new ArrayList<>()).add(invalidation);
    }

    void load(Runnable store, Runnable close) {
        loads.add(new Load(store, close));
    }

    @Override
    public void suspend() {
        TransactionSynchronizationManager.unbindResource(RESOURCE);
    }

    @Override
    public void resume() {
        TransactionSynchronizationManager.bindResource(RESOURCE, this);
    }

    @Override
    public void afterCompletion(int status) {
        TransactionSynchronizationManager.unbindResourceIfPossible(RESOURCE);
        boolean committed = status == STATUS_COMMITTED;
        for (Load load : loads) {
            run(committed ? load.store() : load.close());
        }
        if (status != STATUS_ROLLED_BACK) {
            invalidations.values().forEach(each -> each.forEach(TransactionChanges::run));
            changes.values().forEach(change -> run(committed ? change.commit() : change.invalidate()));
        }
    }

    /** The transaction is over, so a failure must not look like one of it. What Redis has not acknowledged is sent again. */
    private static void run(Runnable change) {
        try {
            change.run();
        } catch (RuntimeException e) {
            LOG.warn("A cache was not changed after a transaction: {}", e.getMessage());
        }
    }
}
