package dev.forge.redis.spring.cache;

import dev.forge.redis.cache.Snapshot;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Is notified by every transaction manager of the application, closer to the database than any synchronization. */
final class TransactionListener implements TransactionExecutionListener, BeanPostProcessor {

    /** The transaction that is beginning on a thread, before it can have resources. */
    private final ThreadLocal<@Nullable Snapshot> beginning = new ThreadLocal<>();

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof ConfigurableTransactionManager manager) {
            manager.addListener(this);
        }
        return bean;
    }

    @Override
    public void beforeBegin(TransactionExecution transaction) {
        // What an EntityManager from before has read may be of any age.
        beginning.set(TransactionSnapshots.hasEntityManager() ? Snapshot.unknown() : Snapshot.begin());
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        Snapshot snapshot = beginning.get();
        beginning.remove();
        if (failure == null && snapshot != null) {
            TransactionBegin.note(snapshot);
        }
    }

    /** Fences the keys that other callbacks have changed in their {@code beforeCommit}. */
    @Override
    public void beforeCommit(TransactionExecution transaction) {
        TransactionChanges changes = TransactionChanges.existing();
        if (changes != null) {
            changes.fence();
        }
    }
}
