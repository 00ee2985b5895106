package dev.forge.redis.spring.cache;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Is notified by every transaction manager of the application, closer to the database than any synchronization. */
final class TransactionListener implements TransactionExecutionListener, BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof ConfigurableTransactionManager manager) {
            manager.addListener(this);
        }
        return bean;
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
