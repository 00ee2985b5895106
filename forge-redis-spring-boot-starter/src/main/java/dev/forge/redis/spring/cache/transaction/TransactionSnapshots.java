package dev.forge.redis.spring.cache.transaction;

import dev.forge.redis.cache.CacheMiss;
import dev.forge.redis.cache.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Knows which transactions read a view of the database that does not change while they last, and so may load an old value after it
 * was invalidated.
 *
 * <ul>
 *   <li>Under READ COMMITTED there is no such view. The connection is asked for its isolation once for each data
 *       source.
 *   <li>Under REPEATABLE READ and above, and where the isolation is not known, the view begins with the transaction.
 *   <li>An {@code EntityManager} keeps what it has read, whatever the isolation. One that was there before the transaction, as with
 *       open-in-view, may have read before every change that left a mark.
 *   <li>A transaction that asks for more isolation than READ COMMITTED is not known to the others: they may leave no marks for it.
 * </ul>
 *
 * <p>Changes leave marks for the transactions of all instances. So whether they are needed depends not on what this instance has seen,
 * but on the beans of the application, which all instances have.
 *
 * <p>Thread-safe.
 */
final class TransactionSnapshots {

    private static final ClassLoader LOADER = TransactionSnapshots.class.getClassLoader();
    private static final @Nullable Class<?> ENTITY_MANAGER = classOf("org.springframework.orm.jpa.EntityManagerHolder");
    private static final @Nullable Class<?> FACTORY = classOf("jakarta.persistence.EntityManagerFactory");
    private static final boolean HAS_JDBC =
            ClassUtils.isPresent("org.springframework.jdbc.datasource.ConnectionHolder", LOADER);

    /** The view of a transaction for which changes may leave no marks. */
    static final Snapshot NEVER_STORED = Snapshot.begin();

    private final Duration longest;
    private final ConfigurableListableBeanFactory beans;
    // Looked up once: that goes through all beans, and every change asks.
    private final SingletonSupplier<List<String>> managersWithoutJpa = SingletonSupplier.of(this::managersWithoutJpa);

    private volatile boolean sawSnapshots;
    private volatile boolean sawReadCommitted;
    private volatile boolean noneNeedsMarks;

    /**
     * @param longest the maximum age of a transaction whose values are stored, or zero if all are
     * @param beans those of the application
     */
    TransactionSnapshots(Duration longest, ConfigurableListableBeanFactory beans) {
        this.longest = longest;
        this.beans = beans;
    }

    private static @Nullable Class<?> classOf(String name) {
        return ClassUtils.isPresent(name, LOADER) ? ClassUtils.resolveClassName(name, LOADER) : null;
    }

    /** Returns how long changes leave marks: not at all once the transactions of all instances are known to read what is committed. */
    Duration longest() {
        if (sawSnapshots || !sawReadCommitted) {
            return longest;
        }
        noneNeedsMarks = noneNeedsMarks || allReadCommitted();
        return noneNeedsMarks ? Duration.ZERO : longest;
    }

    /** Returns whether there is no JPA, and every transaction manager is one of a data source that was seen with READ COMMITTED. */
    private boolean allReadCommitted() {
        List<String> all = managersWithoutJpa.obtain();
        // No manager is created for this: one that this instance does not use is not known.
        return !all.isEmpty() && all.stream().map(beans::getSingleton).allMatch(Jdbc::managesReadCommitted);
    }

    /** Returns the names of the transaction managers, or none if there is JPA. */
    private List<String> managersWithoutJpa() {
        return FACTORY != null && !names(FACTORY).isEmpty() ? List.of() : names(TransactionManager.class);
    }

    private List<String> names(Class<?> type) {
        return List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false));
    }

    /** Returns the view from which this thread reads, or null if it reads what is committed. */
    @Nullable
    Snapshot current() {
        boolean isActive = TransactionSynchronizationManager.isActualTransactionActive();
        if (longest.isZero() || (!isActive && ENTITY_MANAGER == null)) {
            return null;
        }
        if (hasEntityManager()) {
            sawSnapshots = true;
            return isActive ? TransactionBegin.current() : Snapshot.unknown();
        }
        if (!isActive) {
            return null;
        }
        Integer asked = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
        if (asked != null) {
            return asked <= Connection.TRANSACTION_READ_COMMITTED ? null : NEVER_STORED;
        }
        if (HAS_JDBC && Jdbc.readsCommitted()) {
            sawReadCommitted = true;
            return null;
        }
        sawSnapshots = true;
        return TransactionBegin.current();
    }

    /** Keeps what is loaded after {@code miss} from being stored, if this thread reads from before the latest change of its key. */
    void check(CacheMiss<?> miss) {
        Snapshot snapshot = current();
        if (snapshot == NEVER_STORED) {
            miss.close();
        } else if (snapshot != null) {
            try {
                miss.readFrom(snapshot);
            } catch (Throwable interrupted) {
                miss.close();
                throw interrupted;
            }
        }
    }

    /** Returns whether an {@code EntityManager} is bound to this thread. */
    static boolean hasEntityManager() {
        if (ENTITY_MANAGER != null) {
            for (Object resource :
                    TransactionSynchronizationManager.getResourceMap().values()) {
                if (ENTITY_MANAGER.isInstance(resource)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Loaded only where JDBC is present. */
    private static final class Jdbc {

        // Weak, because an application may close its data sources, such as those of tenants, and outlive them.
        private static final Map<Object, Boolean> READ_COMMITTED = Collections.synchronizedMap(new WeakHashMap<>());

        private Jdbc() {}

        /**
         * Returns whether all data sources of this transaction have READ COMMITTED by default; obtains no other
         * connection.
         */
        static boolean readsCommitted() {
            boolean isAny = false;
            for (Map.Entry<Object, Object> each :
                    TransactionSynchronizationManager.getResourceMap().entrySet()) {
                if (each.getValue() instanceof ConnectionHolder holder) {
                    isAny = true;
                    Boolean known = READ_COMMITTED.get(each.getKey());
                    if (known == null) {
                        known = isReadCommitted(holder);
                        READ_COMMITTED.put(each.getKey(), known);
                    }
                    if (!known) {
                        return false;
                    }
                }
            }
            return isAny;
        }

        /** Returns whether {@code manager} belongs to a data source of which this is known; obtains no connection. */
        static boolean managesReadCommitted(@Nullable Object manager) {
            return manager instanceof DataSourceTransactionManager jdbc
                    && jdbc.getDataSource() != null
                    && READ_COMMITTED.getOrDefault(jdbc.getDataSource(), false);
        }

        private static boolean isReadCommitted(ConnectionHolder holder) {
            try {
                int level = holder.getConnection().getTransactionIsolation();
                return level == Connection.TRANSACTION_READ_COMMITTED
                        || level == Connection.TRANSACTION_READ_UNCOMMITTED;
            } catch (SQLException e) {
                return false;
            }
        }
    }
}
