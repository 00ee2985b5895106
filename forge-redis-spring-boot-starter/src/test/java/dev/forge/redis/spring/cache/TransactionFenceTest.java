package dev.forge.redis.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.spring.cache.CacheTransactionTest.Application;
import dev.forge.redis.spring.cache.CacheTransactionTest.Prices;
import dev.forge.redis.spring.cache.transaction.CacheTransactions;
import dev.forge.redis.spring.cache.transaction.MapTransactions;
import dev.forge.redis.spring.cache.transaction.MapTransactions.Rows;
import dev.forge.redis.test.RedisExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.SimpleCacheErrorHandler;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What others see of keys while a transaction that changes them commits. */
class TransactionFenceTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static AnnotationConfigApplicationContext context;
    private static Prices prices;
    private static Rows rows;
    private static TransactionTemplate transaction;
    private static Cache<TypedValue> cache;

    @BeforeAll
    static void start() {
        context = CachingContext.start(Application.class, SERVER.url());
        prices = context.getBean(Prices.class);
        rows = context.getBean(Rows.class);
        transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        cache = CachingContext.cache(context, "prices");
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @AfterEach
    void forget() {
        rows.atCommit = () -> {};
    }

    private static Explanation.State state(String key) {
        return cache.explain(key).state();
    }

    private static int elsewhere(String article) {
        return CompletableFuture.supplyAsync(() -> prices.price(article)).join();
    }

    private static void fenced(List<Explanation.State> seen, String... keys) {
        rows.atCommit = () -> {
            for (String key : keys) {
                assertThat(elsewhere(key)).isZero();
                seen.add(state(key));
            }
        };
    }

    @Test
    void evictedAndPutKeysAreFencedWhileTheTransactionCommits() {
        List<Explanation.State> seen = new ArrayList<>();
        assertThat(prices.price("a1")).isZero();
        assertThat(prices.price("a2")).isZero();
        fenced(seen, "a1", "a2");

        transaction.executeWithoutResult(status -> {
            prices.change("a1", 5);
            prices.put("a2", 6);
            assertThat(state("a1")).isEqualTo(Explanation.State.VALUE);
        });

        assertThat(seen).containsOnly(Explanation.State.FENCE).hasSize(2);
        assertThat(state("a1")).isEqualTo(Explanation.State.NOTHING);
        assertThat(state("a2")).isEqualTo(Explanation.State.VALUE);
        assertThat(elsewhere("a1")).isEqualTo(5);
        assertThat(elsewhere("a2")).isEqualTo(6);
    }

    @Test
    void aKeyThatAnotherThreadChangesForTheTransactionIsFencedToo() {
        List<Explanation.State> seen = new ArrayList<>();
        assertThat(prices.price("i")).isZero();
        fenced(seen, "i");

        transaction.executeWithoutResult(status -> {
            CompletableFuture<Integer> end = new CompletableFuture<>();
            CompletableFuture<Integer> changed = prices.putLater("i", 5, end);
            CompletableFuture.runAsync(() -> end.complete(5)).join();
            changed.join();
        });

        assertThat(seen).containsExactly(Explanation.State.FENCE);
        assertThat(state("i")).isEqualTo(Explanation.State.NOTHING);
    }

    /** @param hasListener whether the manager tells Forge of its commits, besides running synchronizations */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keysThatCallbacksChangeAreFencedToo(boolean hasListener) {
        List<Explanation.State> seen = new ArrayList<>();
        rows.committed.keySet().removeAll(List.of("b1", "b2"));
        fenced(seen, "b1", "b2");
        TransactionTemplate template = hasListener ? transaction : new TransactionTemplate(new MapTransactions(rows));

        template.executeWithoutResult(status -> {
            prices.change("b0", 5);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    prices.change("b1", 5);
                }

                @Override
                public void beforeCompletion() {
                    prices.put("b2", 6);
                }
            });
        });

        assertThat(seen).containsOnly(Explanation.State.FENCE).hasSize(2);
        assertThat(elsewhere("b2")).isEqualTo(6);
    }

    @Test
    void theFirstKeyMayBeChangedByACallback() {
        List<Explanation.State> seen = new ArrayList<>();
        fenced(seen, "c");

        transaction.executeWithoutResult(
                status -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void beforeCommit(boolean readOnly) {
                        prices.change("c", 5);
                    }
                }));

        assertThat(seen).containsExactly(Explanation.State.FENCE);
        assertThat(elsewhere("c")).isEqualTo(5);
    }

    @Test
    void whatIsPutAfterTheCommitIsEvicted() {
        assertThat(prices.price("d")).isZero();

        transaction.executeWithoutResult(status -> {
            prices.change("d0", 4);
            rows.written.get().put("d", 5);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    prices.put("d", 5);
                }
            });
        });

        // Another transaction may have committed since.
        assertThat(state("d")).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void aValueIsNotStoredIfAnotherTransactionChangedItsKeyMeanwhile() {
        rows.atCommit = () -> {
            rows.atCommit = () -> {};
            CompletableFuture.runAsync(() -> transaction.executeWithoutResult(status -> prices.put("e", 7)))
                    .join();
        };

        transaction.executeWithoutResult(status -> prices.put("e", 5));

        assertThat(state("e")).isEqualTo(Explanation.State.NOTHING);
        assertThat(elsewhere("e")).isEqualTo(5);
    }

    @Test
    void afterAnUnknownOutcomeTheKeysAreEvicted() {
        assertThat(prices.price("f")).isZero();
        rows.atCommit = () -> {
            throw new TransactionSystemException("the connection was lost");
        };

        assertThatExceptionOfType(TransactionSystemException.class)
                .isThrownBy(() -> transaction.executeWithoutResult(status -> prices.put("f", 5)));

        assertThat(state("f")).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void aPlainCacheIsInvalidatedAfterTheCommit() {
        Cache<String> plain = Cache.builder(context.getBean(RedisManager.class), "plain", String.class)
                .build();
        CacheTransactions transactions = context.getBean(CacheTransactions.class);
        plain.put("1", "old");
        List<Explanation.State> seen = new ArrayList<>();
        rows.atCommit = () -> seen.add(plain.explain("1").state());

        transaction.executeWithoutResult(status -> {
            transactions.invalidateAfterCommit(plain, "1");
            status.setRollbackOnly();
        });
        assertThat(plain.getIfPresent("1")).contains("old");
        transaction.executeWithoutResult(status -> {
            transactions.invalidateAfterCommit(plain, "1");
            assertThat(plain.getIfPresent("1")).contains("old");
        });

        assertThat(seen).containsExactly(Explanation.State.FENCE);
        assertThat(plain.getIfPresent("1")).isEmpty();
        plain.put("1", "again");
        transactions.invalidateAfterCommit(plain, "1");
        assertThat(plain.getIfPresent("1")).isEmpty();
    }

    /** Notes the keys of failures. */
    static final class NotedFailures extends SimpleCacheErrorHandler {
        final List<Object> keys = new ArrayList<>();

        @Override
        public void handleCacheEvictError(RuntimeException failure, org.springframework.cache.Cache cache, Object key) {
            keys.add(cache.getName() + " evict " + key);
        }

        @Override
        public void handleCachePutError(
                RuntimeException failure, org.springframework.cache.Cache cache, Object key, @Nullable Object value) {
            keys.add(cache.getName() + " put " + key + " " + value);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithErrorHandler {
        @Bean
        CachingConfigurer failures(NotedFailures noted) {
            return new CachingConfigurer() {
                @Override
                public CacheErrorHandler errorHandler() {
                    return noted;
                }
            };
        }

        @Bean
        NotedFailures notedFailures() {
            return new NotedFailures();
        }
    }

    private final ApplicationContextRunner withoutRedis = CachingContext.runner(
                    Application.class, "redis://127.0.0.1:1")
            .withUserConfiguration(WithErrorHandler.class);

    @Test
    void whatFailsAfterACommitReachesTheErrorHandler() {
        withoutRedis.run(application -> {
            Prices mine = application.getBean(Prices.class);
            new TransactionTemplate(application.getBean(PlatformTransactionManager.class))
                    .executeWithoutResult(status -> {
                        mine.change("g1", 5);
                        mine.put("g2", 6);
                    });

            assertThat(mine.rows().committed).containsEntry("g1", 5).containsEntry("g2", 6);
            assertThat(application.getBean(NotedFailures.class).keys)
                    .containsExactlyInAnyOrder("prices evict g1", "prices put g2 6");
        });
    }

    @Test
    void aTransactionMayFailIfItsKeysCannotBeFenced() {
        withoutRedis.withPropertyValues("forge.cache.on-unfenced=fail").run(application -> {
            Prices mine = application.getBean(Prices.class);
            TransactionTemplate transactions =
                    new TransactionTemplate(application.getBean(PlatformTransactionManager.class));

            assertThatExceptionOfType(RedisFailure.class)
                    .isThrownBy(() -> transactions.executeWithoutResult(status -> mine.change("h", 5)));

            assertThat(mine.rows().committed).doesNotContainKey("h");
            assertThat(application.getBean(NotedFailures.class).keys).isEmpty();
        });
    }
}
