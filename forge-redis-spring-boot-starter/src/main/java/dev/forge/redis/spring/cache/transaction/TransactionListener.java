package dev.forge.redis.spring.cache.transaction;

import dev.forge.redis.cache.Snapshot;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Notified by a transaction manager of what happens, closer to the database than any synchronization. */
final class TransactionListener implements TransactionExecutionListener {

    /** The transaction that is beginning on a thread, before it can have resources. */
    private static final ThreadLocal<@Nullable Snapshot> BEGINNING = new ThreadLocal<>();

    /**
     * Adds the listener to every transaction manager; Spring Boot adds listeners only to those that it has made. It is one of the
     * first post-processors, because Spring makes advisors, and what they need, together with the other post-processors.
     */
    static final class Adder implements BeanPostProcessor, PriorityOrdered {
        private final TransactionListener listener = new TransactionListener();

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof ConfigurableTransactionManager manager) {
                manager.addListener(listener);
            }
            return bean;
        }
    }

    @Override
    public void beforeBegin(TransactionExecution transaction) {
        // What an EntityManager from before has read may be of any age.
        BEGINNING.set(TransactionSnapshots.hasEntityManager() ? Snapshot.unknown() : Snapshot.begin());
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        Snapshot snapshot = BEGINNING.get();
        BEGINNING.remove();
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
