package dev.forge.redis.spring.cache.transaction;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What belongs to one transaction: bound to its thread by its class, and not while another transaction suspends it. */
abstract sealed class TransactionBound implements TransactionSynchronization
        permits TransactionBegin, TransactionChanges {

    /** Binds this to the transaction of this thread, in place of an object of its class that is bound there. */
    final void bind() {
        unbind();
        resume();
        TransactionSynchronizationManager.registerSynchronization(this);
    }

    /** Returns what is bound to the transaction of this thread, or null. */
    static <T extends TransactionBound> @Nullable T bound(Class<T> type) {
        return type.cast(TransactionSynchronizationManager.getResource(type));
    }

    final void unbind() {
        TransactionSynchronizationManager.unbindResourceIfPossible(getClass());
    }

    @Override
    public final void suspend() {
        TransactionSynchronizationManager.unbindResource(getClass());
    }

    @Override
    public final void resume() {
        TransactionSynchronizationManager.bindResource(getClass(), this);
    }

    @Override
    public void afterCompletion(int status) {
        unbind();
    }
}
