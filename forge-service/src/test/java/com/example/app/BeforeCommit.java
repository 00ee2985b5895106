// forge:file redis
package com.example.app;

import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Runs an action once, just before the next transaction commits. */
@TestComponent
public class BeforeCommit implements TransactionExecutionListener {
    private final AtomicReference<Runnable> action = new AtomicReference<>();

    public void set(Runnable next) {
        action.set(next);
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        Runnable next = action.getAndSet(null);
        if (next != null) {
            next.run();
        }
    }
}
