package dev.forge.redis.spring.cache.transaction;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheMiss;
import dev.forge.redis.cache.Snapshot;
import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.spring.cache.transaction.MapTransactions.Rows;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.NameMatchMethodPointcutAdvisor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    private final TransactionSnapshots snapshots = new TransactionSnapshots(LONGEST, beans);
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

    /** A manager that is a bean, as those of applications are. */
    private PlatformTransactionManager bean(PlatformTransactionManager manager) {
        beans.registerSingleton("manager" + beans.getSingletonCount(), manager);
        return listened(manager);
    }

    private static <T> T stub(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
    }

    @Test
    void underReadCommittedChangesLeaveMarksOnlyUntilThatIsKnown() {
        PlatformTransactionManager manager = bean(new DataSourceTransactionManager(source));
        assertThat(snapshots.current()).isNull();
        assertThat(snapshots.longest()).isEqualTo(LONGEST);

        assertThat(in(manager)).isNull();

        assertThat(snapshots.longest()).isZero();
        assertThat(in(manager, TransactionDefinition.ISOLATION_REPEATABLE_READ))
                .isSameAs(TransactionSnapshots.NEVER_STORED);
        assertThat(snapshots.longest()).isZero();
    }

    @Test
    void changesLeaveMarksUntilAllDataSourcesAreKnown() {
        SingleConnectionDataSource second = new SingleConnectionDataSource("jdbc:h2:mem:", true);
        PlatformTransactionManager manager = bean(new DataSourceTransactionManager(source));
        PlatformTransactionManager other = bean(new DataSourceTransactionManager(second));

        assertThat(in(manager)).isNull();
        assertThat(snapshots.longest()).isEqualTo(LONGEST);
        assertThat(in(other)).isNull();
        assertThat(snapshots.longest()).isZero();
        second.destroy();
    }

    @Test
    void changesLeaveMarksBesideAManagerWithoutJdbc() {
        bean(new MapTransactions(new Rows()));

        assertThat(in(bean(new DataSourceTransactionManager(source)))).isNull();

        assertThat(snapshots.longest()).isEqualTo(LONGEST);
    }

    @Test
    void anInstanceThatHasSeenNoEntityManagerYetLeavesMarksForThoseOfOthers() {
        PlatformTransactionManager manager = bean(new DataSourceTransactionManager(source));
        beans.registerSingleton("factory", stub(EntityManagerFactory.class));
        TransactionSnapshots ofOther = new TransactionSnapshots(LONGEST, beans);
        assertThat(in(manager)).isNull();
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            Cache<String> mine = texts(redis, snapshots);
            Cache<String> other = texts(redis, ofOther);

            new TransactionTemplate(manager).executeWithoutResult(status -> {
                TransactionSynchronizationManager.bindResource(
                        beans, new EntityManagerHolder(stub(EntityManager.class)));
                try {
                    mine.invalidate("a");
                    CacheMiss<String> miss = (CacheMiss<String>) other.lookup("a");
                    ofOther.check(miss);
                    assertThat(miss.store("old")).isFalse();
                } finally {
                    TransactionSynchronizationManager.unbindResource(beans);
                }
            });
        }
    }

    @Test
    void givesTheLeaseUpIfItsCallerIsInterruptedWhileItAsksForTheMark() {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            Cache<String> texts = texts(redis, snapshots);
            new TransactionTemplate(listened(new MapTransactions(new Rows()))).executeWithoutResult(status -> {
                CacheMiss<String> miss = (CacheMiss<String>) texts.lookup("interrupted");
                Thread.currentThread().interrupt();
                assertThatExceptionOfType(RedisInterruptedException.class).isThrownBy(() -> snapshots.check(miss));
                assertThat(Thread.interrupted()).isTrue();
            });

            assertThat(texts.getAsync("interrupted", Optional::of)).succeedsWithin(Duration.ofSeconds(5));
        }
    }

    private static Cache<String> texts(RedisManager redis, TransactionSnapshots snapshots) {
        return Cache.builder(redis, "texts", String.class)
                .longestSnapshot(snapshots::longest)
                .build();
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
        assertThat(in(manager, TransactionDefinition.ISOLATION_SERIALIZABLE))
                .isSameAs(TransactionSnapshots.NEVER_STORED);
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
        EntityManagerHolder holder = new EntityManagerHolder(stub(EntityManager.class));

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

    /** As with a data source for each tenant, or a context that is started again. */
    @Test
    void retainsNoDataSourceThatIsNoLongerUsed() {
        WeakReference<DataSource> gone = usedAndClosed();

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return gone.get() == null;
        });
    }

    private WeakReference<DataSource> usedAndClosed() {
        SingleConnectionDataSource tenant = new SingleConnectionDataSource("jdbc:h2:mem:", true);
        assertThat(in(listened(new DataSourceTransactionManager(tenant)))).isNull();
        tenant.destroy();
        return new WeakReference<>(tenant);
    }

    @Test
    void theRuleCanBeTurnedOff() {
        TransactionSnapshots off = new TransactionSnapshots(Duration.ZERO, beans);

        new TransactionTemplate(listened(new MapTransactions(new Rows())))
                .executeWithoutResult(status -> assertThat(off.current()).isNull());

        assertThat(off.longest()).isZero();
    }

    @Test
    void knowsTheBeginOfTransactionsWhoseManagerAnAdvisorNeeds() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ForgeRedisAutoConfiguration.class, ForgeCacheTransactionAutoConfiguration.class))
                .withPropertyValues("forge.redis.connection-url=" + SERVER.url())
                .withBean(DefaultAdvisorAutoProxyCreator.class)
                .withBean(DataSource.class, () -> source)
                .withUserConfiguration(Advised.class)
                .run(context -> assertThat(context.getBean(DataSourceTransactionManager.class)
                                .getTransactionExecutionListeners())
                        .hasExactlyElementsOfTypes(TransactionListener.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class Advised {
        @Bean
        DataSourceTransactionManager transactions(DataSource source) {
            return new DataSourceTransactionManager(source);
        }

        @Bean
        Advisor advisor(DataSourceTransactionManager transactions) {
            MethodInterceptor audits = MethodInvocation::proceed;
            assertThat(transactions).isNotNull();
            return new NameMatchMethodPointcutAdvisor(audits);
        }
    }
}
