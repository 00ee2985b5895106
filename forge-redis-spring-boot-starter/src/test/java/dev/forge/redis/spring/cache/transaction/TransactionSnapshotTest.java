package dev.forge.redis.spring.cache.transaction;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.cache.Snapshot;
import dev.forge.redis.spring.cache.transaction.MapTransactions.Rows;
import jakarta.persistence.EntityManager;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Which transactions are known to read a view of the database that may be older than a change. */
class TransactionSnapshotTest {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final TransactionSnapshots snapshots = new TransactionSnapshots(LONGEST);
    private final SingleConnectionDataSource source = new SingleConnectionDataSource("jdbc:h2:mem:", true);

    @AfterEach
    void close() {
        source.destroy();
    }

    private static PlatformTransactionManager listened(PlatformTransactionManager manager) {
        return (PlatformTransactionManager)
                new TransactionListener.Adder().postProcessAfterInitialization(manager, "any");
    }

    private @Nullable Snapshot in(PlatformTransactionManager manager, int isolation) {
        TransactionTemplate template = new TransactionTemplate(manager);
        template.setIsolationLevel(isolation);
        List<@Nullable Snapshot> seen = new ArrayList<>();
        template.executeWithoutResult(status -> seen.add(snapshots.current()));
        return seen.get(0);
    }

    private @Nullable Snapshot in(PlatformTransactionManager manager) {
        return in(manager, TransactionDefinition.ISOLATION_DEFAULT);
    }

    @Test
    void underReadCommittedChangesLeaveMarksOnlyUntilThatIsKnown() {
        PlatformTransactionManager manager = listened(new DataSourceTransactionManager(source));
        assertThat(snapshots.current()).isNull();
        assertThat(snapshots.longest()).isEqualTo(LONGEST);

        assertThat(in(manager)).isNull();

        assertThat(snapshots.longest()).isZero();
        assertThat(in(manager, TransactionDefinition.ISOLATION_REPEATABLE_READ))
                .isSameAs(TransactionSnapshots.NEVER_STORED);
        assertThat(snapshots.longest()).isZero();
    }

    @Test
    void underRepeatableReadTheSnapshotIsThatOfTheInnermostTransaction() {
        new JdbcTemplate(source).execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        PlatformTransactionManager manager = listened(new DataSourceTransactionManager(source));
        TransactionTemplate inner = new TransactionTemplate(listened(new MapTransactions(new Rows())));
        inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        new TransactionTemplate(manager).executeWithoutResult(status -> {
            Snapshot outer = requireNonNull(snapshots.current());
            assertThat(outer).isNotSameAs(Snapshot.unknown());
            inner.executeWithoutResult(nested -> assertThat(snapshots.current())
                    .isNotNull()
                    .isNotSameAs(outer)
                    .isNotSameAs(Snapshot.unknown()));
        });

        assertThat(snapshots.longest()).isEqualTo(LONGEST);
        assertThat(in(manager, TransactionDefinition.ISOLATION_READ_COMMITTED)).isNull();
        assertThat(in(manager, TransactionDefinition.ISOLATION_SERIALIZABLE)).isNotSameAs(Snapshot.unknown());
        assertThat(TransactionBegin.current()).isSameAs(Snapshot.unknown());
    }

    @Test
    void aTransactionWhoseIsolationOrBeginCannotBeToldReadsASnapshot() {
        assertThat(in(listened(new MapTransactions(new Rows())))).isNotNull().isNotSameAs(Snapshot.unknown());
        assertThat(in(new MapTransactions(new Rows()))).isSameAs(Snapshot.unknown());
        assertThat(snapshots.longest()).isEqualTo(LONGEST);
    }

    @Test
    void anEntityManagerReadsASnapshotUnderReadCommittedToo() {
        PlatformTransactionManager manager = listened(new DataSourceTransactionManager(source));
        Object factory = new Object();
        EntityManagerHolder holder = new EntityManagerHolder((EntityManager) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EntityManager.class}, (proxy, method, args) -> null));

        new TransactionTemplate(manager).executeWithoutResult(status -> {
            TransactionSynchronizationManager.bindResource(factory, holder);
            assertThat(snapshots.current()).isNotNull().isNotSameAs(Snapshot.unknown());
            TransactionSynchronizationManager.unbindResource(factory);
        });
        TransactionSynchronizationManager.bindResource(factory, holder);
        try {
            // As with open-in-view.
            assertThat(in(manager)).isSameAs(Snapshot.unknown());
            assertThat(snapshots.current()).isSameAs(Snapshot.unknown());
        } finally {
            TransactionSynchronizationManager.unbindResource(factory);
        }

        assertThat(snapshots.longest()).isEqualTo(LONGEST);
    }

    @Test
    void theRuleCanBeTurnedOff() {
        TransactionSnapshots off = new TransactionSnapshots(Duration.ZERO);

        new TransactionTemplate(listened(new MapTransactions(new Rows())))
                .executeWithoutResult(status -> assertThat(off.current()).isNull());

        assertThat(off.longest()).isZero();
    }
}
