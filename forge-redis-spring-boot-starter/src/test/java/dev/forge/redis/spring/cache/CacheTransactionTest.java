package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.spring.cache.transaction.MapTransactions;
import dev.forge.redis.spring.cache.transaction.MapTransactions.Rows;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import reactor.core.publisher.Mono;

@ExtendWith(OutputCaptureExtension.class)
class CacheTransactionTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final String YIELDING = "L\u0001";

    private final ApplicationContextRunner application = CachingContext.runner(Application.class, SERVER.url());

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {
        @Bean
        Rows rows() {
            return new Rows();
        }

        @Bean
        Prices prices(Rows rows) {
            return new Prices(rows);
        }

        @Bean
        PlatformTransactionManager transactions(Rows rows) {
            return new MapTransactions(rows);
        }
    }

    static class Prices {
        private final Rows rows;

        Prices(Rows rows) {
            this.rows = rows;
        }

        public Rows rows() {
            return rows;
        }

        /** Writes without telling the cache. */
        public void writeOnly(String article, int price) {
            rows.written.get().put(article, price);
        }

        @Cacheable("prices")
        public int price(String article) {
            return rows.read(article);
        }

        @Cacheable(cacheNames = "prices", sync = true)
        public int priceSync(String article) {
            int price = rows.read(article);
            rows.atLoad.run();
            return price;
        }

        @CacheEvict(cacheNames = "prices", key = "#article")
        public void change(String article, int price) {
            rows.written.get().put(article, price);
        }

        @CacheEvict(cacheNames = "prices", key = "#article", beforeInvocation = true)
        public void changeAfterEviction(String article, int price) {
            rows.written.get().put(article, price);
        }

        @CacheEvict(cacheNames = "prices", allEntries = true)
        public void changeAll(String article, int price) {
            rows.written.get().put(article, price);
        }

        @CacheEvict(cacheNames = "prices", key = "#article")
        public CompletableFuture<Integer> changeLater(String article, int price, CompletableFuture<Integer> end) {
            rows.written.get().put(article, price);
            return end;
        }

        @CacheEvict(cacheNames = "prices", allEntries = true)
        public CompletableFuture<Integer> changeAllLater(String article, int price, CompletableFuture<Integer> end) {
            rows.written.get().put(article, price);
            return end;
        }

        @CachePut(cacheNames = "prices", key = "#article")
        public CompletableFuture<Integer> putLater(String article, int price, CompletableFuture<Integer> end) {
            rows.written.get().put(article, price);
            return end;
        }

        @CachePut(cacheNames = "prices", key = "#article")
        public Mono<Integer> putReactively(String article, int price, CompletableFuture<Integer> end) {
            rows.written.get().put(article, price);
            return Mono.fromFuture(end);
        }

        @CachePut(cacheNames = "prices", key = "#article")
        public int put(String article, int price) {
            rows.written.get().put(article, price);
            return price;
        }
    }

    private interface Work {
        void run(Prices prices, TransactionTemplate transaction);
    }

    private void inApplication(Work work) {
        application.run(context -> work.run(
                context.getBean(Prices.class),
                new TransactionTemplate(context.getBean(PlatformTransactionManager.class))));
    }

    @Test
    void aTransactionReadsItsOwnWritesAndOthersTheOldValueUntilItCommits() {
        inApplication((prices, transaction) -> {
            assertThat(prices.price("a1")).isZero();
            transaction.executeWithoutResult(status -> {
                prices.change("a1", 5);
                assertThat(prices.price("a1")).isEqualTo(5);
                assertThat(prices.priceSync("a1")).isEqualTo(5);
                assertThat(elsewhere(() -> prices.price("a1"))).isZero();
            });

            assertThat(prices.price("a1")).isEqualTo(5);
            assertThat(elsewhere(() -> prices.price("a1"))).isEqualTo(5);
        });
    }

    @Test
    void aRollbackChangesNothing() {
        inApplication((prices, transaction) -> {
            assertThat(prices.price("b1")).isZero();
            assertThat(prices.price("b2")).isZero();
            assertThatIllegalStateException()
                    .isThrownBy(() -> transaction.executeWithoutResult(status -> {
                        prices.put("b1", 5);
                        prices.change("b2", 5);
                        assertThat(prices.price("b2")).isEqualTo(5);
                        throw new IllegalStateException("rolled back");
                    }));

            // Read from the cache: the rows have changed without an eviction.
            prices.rows().committed.putAll(Map.of("b1", 9, "b2", 9));
            assertThat(prices.price("b1")).isZero();
            assertThat(prices.price("b2")).isZero();
        });
    }

    @Test
    void aPutIsStoredAfterTheCommit() {
        inApplication((prices, transaction) -> {
            assertThat(prices.price("c")).isZero();
            transaction.executeWithoutResult(status -> {
                prices.put("c", 5);
                assertThat(elsewhere(() -> prices.price("c"))).isZero();
            });

            assertThat(elsewhere(() -> prices.price("c"))).isEqualTo(5);
        });
    }

    @Test
    void whatATransactionLoadsIsStoredAfterItsCommitOnly() {
        inApplication((prices, transaction) -> {
            transaction.executeWithoutResult(status -> {
                prices.writeOnly("d", 7);
                assertThat(prices.price("d")).isEqualTo(7);
                assertThat(elsewhere(() -> prices.price("d"))).isZero();
                status.setRollbackOnly();
            });

            assertThat(prices.price("d")).isZero();
        });
    }

    @Test
    void whatATransactionLoadsIsStoredAfterItsCommit() {
        inApplication((prices, transaction) -> {
            transaction.executeWithoutResult(status -> {
                assertThat(prices.price("j1")).isZero();
                assertThat(prices.priceSync("j2")).isZero();
                assertThat(state("j1")).isEqualTo(YIELDING);
                assertThat(state("j2")).isEqualTo(YIELDING);
            });

            // Read from the cache: the rows have changed without an eviction.
            prices.rows().committed.putAll(Map.of("j1", 9, "j2", 9));
            assertThat(elsewhere(() -> prices.price("j1"))).isZero();
            assertThat(elsewhere(() -> prices.price("j2"))).isZero();
        });
    }

    @Test
    void whatATransactionLoadsIsNotStoredAfterARollback() {
        inApplication((prices, transaction) -> {
            transaction.executeWithoutResult(status -> {
                prices.writeOnly("k", 7);
                assertThat(prices.price("k")).isEqualTo(7);
                assertThat(prices.priceSync("k")).isEqualTo(7);
                status.setRollbackOnly();
            });

            assertThat(elsewhere(() -> prices.price("k"))).isZero();
        });
    }

    @Test
    void noOneWaitsForATransactionAndItsValueGivesWay() {
        inApplication((prices, transaction) -> {
            for (String article : List.of("l1", "l2")) {
                transaction.executeWithoutResult(status -> {
                    prices.writeOnly(article, 7);
                    assertThat(article.equals("l1") ? prices.price(article) : prices.priceSync(article))
                            .isEqualTo(7);
                    assertThat(elsewhere(() -> prices.priceSync(article))).isZero();
                });

                // Read from the cache: what was committed was not evicted.
                assertThat(elsewhere(() -> prices.price(article))).isZero();
            }
        });
    }

    @Test
    void aSyncMethodInATransactionWaitsForAnotherLoadForASecond() {
        for (boolean readOnly : List.of(false, true)) {
            // Without snapshots nothing but the transaction keeps a reader from sharing the load.
            application.withPropertyValues("forge.cache.longest-transaction=0").run(context -> {
                Prices prices = context.getBean(Prices.class);
                TransactionTemplate transaction =
                        new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
                String article = "m" + readOnly;
                transaction.setReadOnly(readOnly);
                CountDownLatch loading = new CountDownLatch(1);
                CountDownLatch mayEnd = new CountDownLatch(1);
                prices.rows().atLoad = () -> {
                    if (loading.getCount() > 0) {
                        loading.countDown();
                        await(mayEnd);
                    }
                };
                CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> prices.priceSync(article));
                await(loading);

                transaction.executeWithoutResult(status -> {
                    prices.writeOnly(article, 7);
                    long since = System.nanoTime();
                    assertThat(prices.priceSync(article)).isEqualTo(7);
                    assertThat(Duration.ofNanos(System.nanoTime() - since))
                            .isBetween(Duration.ofMillis(900), Duration.ofSeconds(4));
                });

                mayEnd.countDown();
                assertThat(other).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(0);
                assertThat(elsewhere(() -> prices.price(article))).isZero();
            });
        }
    }

    @Test
    void aSyncMethodInATransactionGetsTheValueOfAnotherLoad() {
        inApplication((prices, transaction) -> {
            CountDownLatch loading = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            prices.rows().atLoad = () -> {
                loading.countDown();
                await(mayEnd);
            };
            CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> prices.priceSync("n"));
            await(loading);

            transaction.executeWithoutResult(status -> {
                prices.writeOnly("n", 7);
                CompletableFuture.runAsync(
                        mayEnd::countDown, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
                assertThat(prices.priceSync("n")).isZero();
            });

            assertThat(other).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(0);
        });
    }

    /** Changes an article by a call that ends when its future does. */
    private interface LaterChange {
        CompletableFuture<Integer> begin(String article, int price, CompletableFuture<Integer> end);
    }

    private static List<LaterChange> laterChanges(Prices prices) {
        return List.of(
                prices::changeLater,
                prices::changeAllLater,
                prices::putLater,
                (article, price, end) ->
                        prices.putReactively(article, price, end).toFuture());
    }

    private static void completeElsewhere(CompletableFuture<Integer> end, int value) {
        CompletableFuture.runAsync(() -> end.complete(value)).join();
    }

    @Test
    void whatEndsOnAnotherThreadIsEvictedAfterTheCommitAndNeverStored() {
        inApplication((prices, transaction) -> {
            for (LaterChange change : laterChanges(prices)) {
                prices.rows().committed.clear();
                prices.changeAll("o", 0);
                transaction.executeWithoutResult(status -> {
                    CompletableFuture<Integer> end = new CompletableFuture<>();
                    CompletableFuture<Integer> changed = change.begin("o", 5, end);
                    completeElsewhere(end, 5);
                    assertThat(changed.join()).isEqualTo(5);
                    assertThat(prices.price("o")).isEqualTo(5);
                    // The other caller stores the old value again.
                    assertThat(elsewhere(() -> prices.price("o"))).isZero();
                    assertThat(elsewhere(() -> prices.price("o"))).isZero();
                });

                assertThat(elsewhere(() -> prices.price("o"))).isEqualTo(5);
            }
        });
    }

    @Test
    void whatEndsOnAnotherThreadIsNotFoundAfterARollback() {
        inApplication((prices, transaction) -> {
            for (LaterChange change : laterChanges(prices)) {
                CompletableFuture<Integer> late = new CompletableFuture<>();
                List<CompletableFuture<Integer>> changed = new ArrayList<>();
                transaction.executeWithoutResult(status -> {
                    CompletableFuture<Integer> end = new CompletableFuture<>();
                    changed.add(change.begin("p1", 5, end));
                    changed.add(change.begin("p2", 5, late));
                    completeElsewhere(end, 5);
                    status.setRollbackOnly();
                });
                completeElsewhere(late, 5);
                changed.forEach(CompletableFuture::join);

                assertThat(elsewhere(() -> prices.price("p1"))).isZero();
                assertThat(elsewhere(() -> prices.price("p2"))).isZero();
            }
        });
    }

    @Test
    void whatEndsAfterTheCommitIsEvictedThen() {
        inApplication((prices, transaction) -> {
            TransactionTemplate next = new TransactionTemplate(requireNonNull(transaction.getTransactionManager()));
            for (LaterChange change : laterChanges(prices)) {
                for (boolean inTheNext : List.of(false, true)) {
                    prices.rows().committed.clear();
                    prices.changeAll("q", 0);
                    CompletableFuture<Integer> end = new CompletableFuture<>();
                    List<CompletableFuture<Integer>> changed = new ArrayList<>();
                    assertThat(prices.price("q")).isZero();
                    transaction.executeWithoutResult(status -> changed.add(change.begin("q", 5, end)));

                    if (inTheNext) {
                        next.executeWithoutResult(status -> {
                            end.complete(5);
                            status.setRollbackOnly();
                        });
                    } else {
                        completeElsewhere(end, 5);
                    }
                    changed.forEach(CompletableFuture::join);

                    assertThat(elsewhere(() -> prices.price("q"))).isEqualTo(5);
                }
            }
        });
    }

    @Test
    void aFutureThatFailsChangesNothing() {
        inApplication((prices, transaction) -> {
            for (LaterChange change : laterChanges(prices)) {
                prices.rows().committed.clear();
                assertThat(prices.price("r")).isZero();
                transaction.executeWithoutResult(status -> {
                    CompletableFuture<Integer> end = new CompletableFuture<>();
                    CompletableFuture<Integer> changed = change.begin("r", 5, end);
                    CompletableFuture.runAsync(() -> end.completeExceptionally(new IllegalStateException("no")))
                            .join();
                    assertThat(changed).isCompletedExceptionally();
                    status.setRollbackOnly();
                });

                // Read from the cache: the rows have changed without an eviction.
                prices.rows().committed.put("r", 9);
                assertThat(elsewhere(() -> prices.price("r"))).isZero();
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What is in Redis, without the token and the value. */
    private static String state(String article) {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            return redis.getSyncClient().getrange("prices::" + article, 2, 3);
        }
    }

    @Test
    void clearsAndEvictsBeforeTheMethodAfterTheCommitToo() {
        inApplication((prices, transaction) -> {
            assertThat(prices.price("e1")).isZero();
            assertThat(prices.price("e2")).isZero();
            transaction.executeWithoutResult(status -> {
                prices.changeAfterEviction("e1", 5);
                assertThat(prices.price("e1")).isEqualTo(5);
                // Another caller stores the old value again.
                assertThat(elsewhere(() -> prices.price("e1"))).isZero();
            });
            assertThat(elsewhere(() -> prices.price("e1"))).isEqualTo(5);

            transaction.executeWithoutResult(status -> {
                prices.changeAll("e2", 6);
                assertThat(prices.price("e2")).isEqualTo(6);
                assertThat(elsewhere(() -> prices.price("e2"))).isZero();
            });
            assertThat(elsewhere(() -> prices.price("e2"))).isEqualTo(6);
        });
    }

    @Test
    void whatIsEvictedAfterATransactionLoadedItIsNotStored() {
        inApplication((prices, transaction) -> {
            transaction.executeWithoutResult(status -> {
                assertThat(prices.price("f")).isZero();
                elsewhere(() -> {
                    prices.rows().committed.put("f", 8);
                    prices.change("f", 8);
                    return 0;
                });
            });

            assertThat(elsewhere(() -> prices.price("f"))).isEqualTo(8);
        });
    }

    @Test
    void aTransactionWithinAnotherHasChangesOfItsOwn() {
        inApplication((prices, transaction) -> {
            TransactionTemplate inner = new TransactionTemplate(requireNonNull(transaction.getTransactionManager()));
            inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
            assertThat(prices.price("g1")).isZero();
            transaction.executeWithoutResult(outer -> {
                prices.put("g2", 7);
                inner.executeWithoutResult(status -> prices.put("g1", 5));
                assertThat(elsewhere(() -> prices.price("g1"))).isEqualTo(5);
                outer.setRollbackOnly();
            });

            assertThat(prices.price("g2")).isZero();
        });
    }

    @Test
    void changesAtOnceIfToldSo() {
        application.withPropertyValues("forge.cache.transaction-aware=false").run(context -> {
            Prices prices = context.getBean(Prices.class);
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
                prices.put("h", 5);
                assertThat(elsewhere(() -> prices.price("h"))).isEqualTo(5);
            });
        });
    }

    @Test
    void aFailureAfterTheCommitIsLoggedAndDoesNotReachTheCaller(CapturedOutput output) {
        application
                .withPropertyValues("forge.redis.connection-url=redis://127.0.0.1:1")
                .run(context -> {
                    Prices prices = context.getBean(Prices.class);
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                            .executeWithoutResult(status -> prices.change("i", 5));

                    assertThat(prices.price("i")).isEqualTo(5);
                    assertThat(output).contains("A cache was not changed after a transaction");
                });
    }

    private static int elsewhere(Supplier<Integer> work) {
        return CompletableFuture.supplyAsync(work).join();
    }
}
