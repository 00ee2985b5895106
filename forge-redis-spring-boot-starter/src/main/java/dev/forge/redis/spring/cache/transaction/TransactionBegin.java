package dev.forge.redis.spring.cache.transaction;

import dev.forge.redis.cache.Snapshot;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** When the transaction of a thread began; while another one suspends it, that of the other one. */
final class TransactionBegin implements TransactionSynchronization {

    private static final Object RESOURCE = TransactionBegin.class;

    private final Snapshot snapshot;

    private TransactionBegin(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** Notes that the transaction which has just begun on this thread reads from {@code snapshot}. */
    static void note(Snapshot snapshot) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionBegin begin = new TransactionBegin(snapshot);
            TransactionSynchronizationManager.unbindResourceIfPossible(RESOURCE);
            begin.resume();
            TransactionSynchronizationManager.registerSynchronization(begin);
        }
    }

    /** Returns the snapshot of the transaction of this thread; that is unknown if its manager has not told its begin. */
    static Snapshot current() {
        @Nullable TransactionBegin begin = (TransactionBegin) TransactionSynchronizationManager.getResource(RESOURCE);
        return begin == null ? Snapshot.unknown() : begin.snapshot;
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
    }
}
