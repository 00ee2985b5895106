package dev.forge.redis.spring.cache.transaction;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Transactions of {@link Rows}, one for each thread; another is begun only while it is suspended. */
public final class MapTransactions extends AbstractPlatformTransactionManager {
    private static final long serialVersionUID = 1;
    private final transient Rows rows;
    private final transient ThreadLocal<Boolean> active = ThreadLocal.withInitial(() -> false);

    public MapTransactions(Rows rows) {
        this.rows = rows;
    }

    @Override
    protected Object doGetTransaction() {
        return rows;
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
        return active.get();
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        active.set(true);
        rows.written.set(new ConcurrentHashMap<>());
    }

    @Override
    protected Object doSuspend(Object transaction) {
        active.set(false);
        return rows.written.get();
    }

    @Override
    @SuppressWarnings("unchecked") // what doSuspend has returned
    protected void doResume(@Nullable Object transaction, Object suspended) {
        active.set(true);
        rows.written.set((Map<String, Integer>) suspended);
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        rows.atCommit.run();
        rows.committed.putAll(rows.written.get());
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {}

    @Override
    protected void doSetRollbackOnly(DefaultTransactionStatus status) {
        // There is no transaction that takes part in another.
    }

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
        active.set(false);
        rows.written.set(new ConcurrentHashMap<>());
    }

    /** A table: what is written in a transaction is seen by others after its commit. */
    public static final class Rows {
        public final Map<String, Integer> committed = new ConcurrentHashMap<>();

        /** Runs in a commit, after it can no longer be stopped and before others see it. */
        public volatile Runnable atCommit = () -> {};

        /** Runs at the end of a load of {@code priceSync}. */
        public volatile Runnable atLoad = () -> {};

        public final ThreadLocal<Map<String, Integer>> written = ThreadLocal.withInitial(ConcurrentHashMap::new);

        public int read(String key) {
            Integer mine = written.get().get(key);
            return mine == null ? committed.getOrDefault(key, 0) : mine;
        }
    }
}
