package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.spring.cache.CacheTransactionTest.Prices;
import dev.forge.redis.spring.cache.transaction.CacheTransactions;
import dev.forge.redis.spring.cache.transaction.MapTransactions.Rows;
import dev.forge.redis.test.RedisExtension;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes of caches in transactions of JDBC. */
class JdbcTransactionTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final ApplicationContextRunner application = CachingContext.runner(Application.class, SERVER.url());

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {
        @Bean(destroyMethod = "destroy")
        SingleConnectionDataSource source() {
            return new SingleConnectionDataSource("jdbc:h2:mem:", true);
        }

        @Bean
        PlatformTransactionManager transactions(DataSource source) {
            return new DataSourceTransactionManager(source);
        }

        @Bean
        Prices prices() {
            return new Prices(new Rows());
        }
    }

    @Test
    void whatWasPutOrLoadedBeforeARollBackToASavepointIsNotStored() {
        application.run(context -> {
            Prices prices = context.getBean(Prices.class);
            PlatformTransactionManager manager = context.getBean(PlatformTransactionManager.class);
            TransactionTemplate nested = new TransactionTemplate(manager);
            nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
            Cache<TypedValue> cache = ((SpringCache) requireNonNull(
                            context.getBean(ForgeCacheManager.class).getCache("prices")))
                    .cache;
            new TransactionTemplate(manager).executeWithoutResult(status -> {
                nested.executeWithoutResult(inner -> {
                    prices.put("a", 5);
                    prices.writeOnly("b", 6);
                    assertThat(prices.price("b")).isEqualTo(6);
                    inner.setRollbackOnly();
                });
                prices.put("c", 7);
            });

            assertThat(cache.explain("a").state()).isEqualTo(Explanation.State.NOTHING);
            assertThat(cache.explain("b").state()).isEqualTo(Explanation.State.NOTHING);
            assertThat(cache.explain("c").state()).isEqualTo(Explanation.State.VALUE);
        });
    }

    @Test
    void changesLeaveNoMarksOnceAllTransactionsAreKnownToReadWhatIsCommitted() {
        application.run(context -> {
            CacheTransactions transactions = context.getBean(CacheTransactions.class);
            assertThat(transactions.longestSnapshot()).isPositive();

            new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                    .executeWithoutResult(
                            status -> context.getBean(Prices.class).change("a", 5));

            assertThat(transactions.longestSnapshot()).isZero();
        });
    }
}
