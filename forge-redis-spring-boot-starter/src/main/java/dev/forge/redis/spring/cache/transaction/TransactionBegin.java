package dev.forge.redis.spring.cache.transaction;

import dev.forge.redis.cache.Snapshot;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** When the transaction of a thread began; while another transaction suspends it, when that one began. */
final class TransactionBegin extends TransactionBound {

    private final Snapshot snapshot;

    private TransactionBegin(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** Notes that the transaction which has just begun on this thread reads from {@code snapshot}. */
    static void note(Snapshot snapshot) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            new TransactionBegin(snapshot).bind();
        }
    }

    /** Returns the snapshot of the transaction of this thread; unknown if its manager has not reported that it began. */
    static Snapshot current() {
        TransactionBegin begin = bound(TransactionBegin.class);
        return begin == null ? Snapshot.unknown() : begin.snapshot;
    }
}
