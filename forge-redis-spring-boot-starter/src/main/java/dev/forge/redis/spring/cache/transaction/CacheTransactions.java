package dev.forge.redis.spring.cache.transaction;

import dev.forge.redis.cache.Cache;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Ties changes of caches to the transaction of their thread, for caches that the application uses without annotations.
 *
 * <p>Before the commit the keys are fenced: look-ups in every process then load, and store nothing. After it they are invalidated.
 * So no look-up finds the old value once the commit has returned, even if this process dies in between. After a roll-back the old
 * value is found again.
 *
 * <p>When Redis is unavailable at the commit, {@code forge.cache.on-unfenced} decides whether the transaction commits. The
 * invalidation is then remembered, as by {@link Cache#invalidate}.
 *
 * <p>Thread-safe.
 */
public final class CacheTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(CacheTransactions.class);

    private final boolean failsUnfenced;
    private final TransactionSnapshots snapshots;
    private final Supplier<@Nullable CacheErrorHandler> errors;

    /**
     * @param failsUnfenced whether a transaction fails if its keys cannot be fenced
     * @param errors returns the handler of the application for failures of the cache annotations, or null
     */
    CacheTransactions(
            boolean failsUnfenced, TransactionSnapshots snapshots, Supplier<@Nullable CacheErrorHandler> errors) {
        this.failsUnfenced = failsUnfenced;
        this.snapshots = snapshots;
        this.errors = errors;
    }

    /**
     * Invalidates {@code keys} after the transaction of this thread has committed, and not at all if it is rolled back. Without a
     * transaction, or in one that is read-only, invalidates them at once.
     *
     * <p>The transaction itself finds the old values in the cache until it commits. A failure after the commit is logged.
     */
    public void invalidateAfterCommit(Cache<?> cache, String... keys) {
        TransactionChanges transaction = current();
        if (transaction == null) {
            cache.invalidate(keys);
            return;
        }
        for (String key : keys) {
            transaction.evict(cache, key, CacheTransactions::log);
        }
    }

    /** Returns the changes of the transaction of this thread, or null if it has none or only reads. */
    @Nullable
    TransactionChanges current() {
        return TransactionChanges.current(this);
    }

    /** Returns whether this thread is in a transaction, even one that only reads. */
    boolean isActive() {
        return TransactionSynchronizationManager.isActualTransactionActive();
    }

    /** Returns whether this thread reads a view of the database that may be older than a change. */
    boolean readsSnapshot() {
        return snapshots.current() != null;
    }

    /** Returns for how long changes must leave marks, as {@link dev.forge.redis.cache.CacheBuilder#longestSnapshot} takes it. */
    public Duration longestSnapshot() {
        return snapshots.longest();
    }

    boolean failsUnfenced() {
        return failsUnfenced;
    }

    TransactionSnapshots snapshots() {
        return snapshots;
    }

    /** Returns what handles a failure after a commit: the handler of the application, by {@code call}. */
    Consumer<RuntimeException> failure(HandlerCall call) {
        return failure -> {
            CacheErrorHandler handler = errors.get();
            if (handler == null) {
                log(failure);
            } else {
                // What the handler throws is logged: the transaction is over.
                call.handle(handler, failure);
            }
        };
    }

    /** Calls one of the methods of a handler. */
    public interface HandlerCall {
        void handle(CacheErrorHandler handler, RuntimeException failure);
    }

    private static void log(RuntimeException failure) {
        LOG.warn("A cache was not changed after a transaction: {}", failure.getMessage());
    }
}
