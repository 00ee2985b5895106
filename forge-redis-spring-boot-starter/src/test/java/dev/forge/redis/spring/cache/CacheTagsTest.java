package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.spring.cache.transaction.MapTransactions;
import dev.forge.redis.spring.cache.transaction.MapTransactions.Rows;
import dev.forge.redis.test.RedisExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.LoggingCacheErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.transaction.support.TransactionTemplate;
import reactor.core.publisher.Mono;

/** Tags and patterns by annotation. */
class CacheTagsTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final ApplicationContextRunner application = CachingContext.runner(Application.class, SERVER.url());

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {
        @Bean
        Prices prices() {
            return new Prices();
        }
    }

    record Price(String tenant, int amount, @Nullable List<String> groups) {}

    @CacheConfig(cacheNames = "prices")
    static class Prices {
        private final AtomicInteger calls = new AtomicInteger();

        private Price read(String tenant) {
            return new Price(tenant, calls.incrementAndGet(), List.of("all", "of-" + tenant));
        }

        @Cacheable(key = "#tenant + ':' + #article")
        @ForgeCache(tags = "tenant:#{#tenant}")
        public Price price(String tenant, int article) {
            return read(tenant);
        }

        @Cacheable(cacheNames = "synced", sync = true, key = "#tenant")
        @ForgeCache(tags = {"#{#result.groups}", "${prices.tag:plain}"})
        public Price synced(String tenant) {
            return read(tenant);
        }

        @Cacheable(cacheNames = "many", key = "#count")
        @ForgeCache(tags = "#{#result.groups}")
        public Price grouped(int count) {
            return new Price(
                    "acme",
                    calls.incrementAndGet(),
                    IntStream.range(0, count).mapToObj(String::valueOf).toList());
        }

        @Cacheable(cacheNames = "untagged", key = "#tenant")
        public Price untagged(String tenant) {
            return read(tenant);
        }

        @Cacheable(cacheNames = "found", key = "'found'")
        @ForgeCache(tags = "#{#terms}")
        public Price found(List<String> terms) {
            return read("found");
        }

        @InvalidateTag(value = "#{#terms}", cacheNames = "found")
        public void changed(List<String> terms) {}

        @InvalidateTag(value = "tenant:#{#tenant}", cacheNames = "prices")
        public void changed(String tenant) {}

        @InvalidateTag(value = "tenant:#{#result}", cacheNames = "prices")
        @InvalidateTag(
                value = {"of-#{#result}", "none"},
                cacheNames = {"synced", "untagged"})
        public CompletableFuture<String> changedLater(CompletableFuture<String> tenant) {
            return tenant;
        }

        @InvalidateTag(value = "tenant:#{#tenant}", cacheNames = "prices")
        public Mono<String> changedReactively(String tenant) {
            return Mono.just(tenant);
        }

        @InvalidateMatching(value = "{}:*", arguments = "#result", cacheNames = "prices")
        public CompletableFuture<String> forgetLater(CompletableFuture<String> tenant) {
            return tenant;
        }

        @InvalidateTag(value = "tenant:#{#tenant}", cacheNames = "prices")
        public void failing(String tenant) {
            throw new IllegalStateException("not changed");
        }

        @InvalidateMatching(value = "{}:*", arguments = "#tenant", cacheNames = "prices")
        public void forget(@Nullable String tenant) {}

        @InvalidateTag(value = "all", cacheNames = "everything")
        public void forgetEverything() {}
    }

    private void inApplication(Consumer<Prices> work) {
        application.run(context -> work.accept(context.getBean(Prices.class)));
    }

    @Test
    void returnsAndDoesNotStoreAValueWithTooManyTags() {
        inApplication(prices -> {
            assertThat(prices.grouped(101).amount()).isEqualTo(1);
            assertThat(prices.grouped(101).amount()).isEqualTo(2);
            assertThat(prices.grouped(100).amount()).isEqualTo(3);
            assertThat(prices.grouped(100).amount()).isEqualTo(3);
        });
    }

    @Test
    void invalidatesTheValuesOfOneTagOnly() {
        inApplication(prices -> {
            Price mine = prices.price("acme", 1);
            Price other = prices.price("bolt", 1);
            assertThat(prices.price("acme", 1)).isEqualTo(mine);

            prices.changed("acme");

            assertThat(prices.price("acme", 1)).isNotEqualTo(mine);
            assertThat(prices.price("bolt", 1)).isEqualTo(other);
        });
    }

    @Test
    void takesTagsFromTheResultAndFromProperties() {
        inApplication(prices -> {
            Price mine = prices.synced("acme");
            Price other = prices.synced("bolt");
            assertThat(prices.synced("acme")).isEqualTo(mine);

            prices.changedLater(CompletableFuture.completedFuture("acme")).join();

            assertThat(prices.synced("acme")).isNotEqualTo(mine);
            assertThat(prices.synced("bolt")).isEqualTo(other);
        });
    }

    /** Callers choose such texts, and must not make a call fail by them. */
    @Test
    void takesAnyTextAsATag() {
        List<String> terms = List.of("", "x".repeat(600), "*".repeat(400), "broken \ud800", "usual");
        inApplication(prices -> {
            for (String term : terms) {
                Price found = prices.found(terms);
                assertThat(prices.found(terms)).isEqualTo(found);

                prices.changed(List.of("another " + term));
                assertThat(prices.found(terms)).isEqualTo(found);
                prices.changed(List.of(term));
                assertThat(prices.found(terms)).isNotEqualTo(found);
            }
        });
    }

    /** So that code which has the cache means the same tag. */
    @Test
    void replacesNoTagThatACacheTakes() {
        String tag = "x".repeat(512);
        application.run(context -> {
            Prices prices = context.getBean(Prices.class);
            Price found = prices.found(List.of(tag));

            CachingContext.cache(context, "found").invalidateTag(tag);

            assertThat(prices.found(List.of(tag))).isNotEqualTo(found);
        });
    }

    @Test
    void waitsForFuturesAndPublishersAndForNothingThatFails() {
        inApplication(prices -> {
            Price first = prices.price("acme", 2);
            CompletableFuture<String> later = new CompletableFuture<>();
            CompletableFuture<String> changed = prices.changedLater(later);
            assertThat(prices.price("acme", 2)).isEqualTo(first);
            later.complete("acme");
            changed.join();
            Price second = prices.price("acme", 2);
            assertThat(second).isNotEqualTo(first);

            prices.changedReactively("acme").block();
            Price third = prices.price("acme", 2);
            assertThat(third).isNotEqualTo(second);

            assertThatIllegalStateException().isThrownBy(() -> prices.failing("acme"));
            assertThat(prices.price("acme", 2)).isEqualTo(third);
        });
    }

    @Test
    void aPatternTakesItsArgumentsLiterally() {
        inApplication(prices -> {
            Price star = prices.price("*", 1);
            Price acme = prices.price("acme", 3);
            Price brackets = prices.price("[a-z]cme", 3);

            prices.forget("*");
            prices.forget("[a-z]cme");

            assertThat(prices.price("acme", 3)).isEqualTo(acme);
            assertThat(prices.price("*", 1)).isNotEqualTo(star);
            assertThat(prices.price("[a-z]cme", 3)).isNotEqualTo(brackets);
            assertThatIllegalArgumentException().isThrownBy(() -> prices.forget(null));
        });
    }

    @Test
    void inATransactionTheyWaitForTheCommit() {
        application.withBean(Rows.class).withBean(MapTransactions.class).run(context -> {
            Prices prices = context.getBean(Prices.class);
            TransactionTemplate transaction = new TransactionTemplate(context.getBean(MapTransactions.class));
            Price tagged = prices.price("tx", 1);
            Price matched = prices.price("tx2", 1);

            assertThatIllegalStateException()
                    .isThrownBy(() -> transaction.executeWithoutResult(status -> {
                        prices.changed("tx");
                        prices.forget("tx2");
                        throw new IllegalStateException("rolled back");
                    }));
            assertThat(prices.price("tx", 1)).isEqualTo(tagged);
            assertThat(prices.price("tx2", 1)).isEqualTo(matched);

            transaction.executeWithoutResult(status -> {
                prices.changed("tx");
                prices.forget("tx2");
                assertThat(elsewhere(() -> prices.price("tx", 1))).isEqualTo(tagged);
                assertThat(prices.price("tx", 1)).isNotEqualTo(tagged);
            });
            assertThat(prices.price("tx", 1)).isNotEqualTo(tagged);
            assertThat(prices.price("tx2", 1)).isNotEqualTo(matched);
        });
    }

    @Test
    void inATransactionFuturesAndPublishersWaitForTheCommitToo() {
        application.withBean(Rows.class).withBean(MapTransactions.class).run(context -> {
            Prices prices = context.getBean(Prices.class);
            TransactionTemplate transaction = new TransactionTemplate(context.getBean(MapTransactions.class));
            List<Runnable> changes = List.of(
                    () -> prices.changedLater(CompletableFuture.completedFuture("later"))
                            .join(),
                    () -> prices.forgetLater(CompletableFuture.completedFuture("later"))
                            .join(),
                    () -> prices.changedReactively("later").block());
            for (Runnable change : changes) {
                Price before = prices.price("later", 1);

                transaction.executeWithoutResult(status -> {
                    change.run();
                    assertThat(elsewhere(() -> prices.price("later", 1))).isEqualTo(before);
                    status.setRollbackOnly();
                });
                assertThat(prices.price("later", 1)).isEqualTo(before);

                transaction.executeWithoutResult(status -> {
                    change.run();
                    assertThat(elsewhere(() -> prices.price("later", 1))).isEqualTo(before);
                    assertThat(prices.price("later", 1)).isNotEqualTo(before);
                });
                assertThat(prices.price("later", 1)).isNotEqualTo(before);
            }
        });
    }

    @Test
    void aFutureThatAnotherThreadCompletesInvalidatesAtOnceAndAfterTheCommit() {
        application.withBean(Rows.class).withBean(MapTransactions.class).run(context -> {
            Prices prices = context.getBean(Prices.class);
            TransactionTemplate transaction = new TransactionTemplate(context.getBean(MapTransactions.class));
            List<Function<CompletableFuture<String>, CompletableFuture<String>>> changes =
                    List.of(prices::changedLater, prices::forgetLater);
            for (var change : changes) {
                Price before = prices.price("other", 1);
                List<Price> reloaded = new ArrayList<>();

                transaction.executeWithoutResult(status -> {
                    CompletableFuture<String> tenant = new CompletableFuture<>();
                    CompletableFuture<String> changed = change.apply(tenant);
                    CompletableFuture.runAsync(() -> tenant.complete("other")).join();
                    changed.join();
                    reloaded.add(elsewhere(() -> prices.price("other", 1)));
                });

                assertThat(prices.price("other", 1)).isNotEqualTo(before).isNotIn(reloaded);
            }
        });
    }

    private static Price elsewhere(Supplier<Price> call) {
        return CompletableFuture.supplyAsync(call).join();
    }

    @Test
    void propertiesGiveAllValuesOfACacheTags() {
        application.withPropertyValues("forge.cache.caches.everything.tags=all").run(context -> {
            org.springframework.cache.Cache cache =
                    requireNonNull(context.getBean(CacheManager.class).getCache("everything"));
            cache.put("a", "1");
            cache.get("b", () -> "2");
            assertThat(cache.get("b", String.class)).isEqualTo("2");

            context.getBean(Prices.class).forgetEverything();

            assertThat(cache.get("a")).isNull();
            assertThat(cache.get("b")).isNull();
        });
    }

    @Test
    void aCacheWithoutTagsPaysNothingForThem() {
        inApplication(prices -> {
            prices.untagged("x");
            prices.price("x", 1);

            // The time of the tags and their markers.
            assertThat(scripts(() -> prices.untagged("y"))).isEqualTo(scripts(() -> prices.price("y", 1)) - 2);
        });
    }

    /** Returns how many scripts the server runs meanwhile. */
    private static long scripts(Runnable work) {
        SERVER.server().command("CONFIG", "RESETSTAT");
        work.run();
        return Pattern.compile("cmdstat_eval(?:sha)?:calls=(\\d+)")
                .matcher(SERVER.server().command("INFO", "commandstats"))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    @Test
    void failsOnlyIfTheErrorHandlerOfTheApplicationSaysSo() {
        inApplication(prices -> {
            prices.price("gone", 1);
            SERVER.server().kill();
            assertThatThrownBy(() -> prices.changed("gone")).isInstanceOf(RedisFailure.class);
            SERVER.server().restart();
        });
        application.withUserConfiguration(Logging.class).run(context -> {
            Prices prices = context.getBean(Prices.class);
            SERVER.server().kill();
            prices.changed("gone");
            SERVER.server().restart();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Logging implements CachingConfigurer {
        @Override
        public CacheErrorHandler errorHandler() {
            return new LoggingCacheErrorHandler();
        }
    }

    static class WrongPattern {
        @InvalidateMatching(value = "{}:{}", arguments = "#a", cacheNames = "prices")
        public void wrong(String a) {}
    }

    static class WrongTag {
        @Cacheable("prices")
        @ForgeCache(tags = "#{#a")
        public String wrong(String a) {
            return a;
        }
    }

    @Test
    void doesNotStartWithAnnotationsThatCannotBeUsed() {
        application
                .withBean(WrongPattern.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("WrongPattern.wrong invalidates cannot be used"));
        application
                .withBean(WrongTag.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("the tags in @ForgeCache of"));
    }

    @Test
    void typesThatNoMethodReturnsAreNamedByABean() {
        ResolvableType list = ResolvableType.forClassWithGenerics(List.class, Price.class);
        application
                .withBean(CacheTypes.class, () -> name -> name.equals("lists") ? List.of(list) : List.of())
                .run(context -> {
                    CacheManager caches = context.getBean(CacheManager.class);
                    List<Price> prices = List.of(new Price("a", 1, null));
                    requireNonNull(caches.getCache("lists")).put("a", prices);

                    assertThat(requireNonNull(requireNonNull(caches.getCache("lists"))
                                            .get("a"))
                                    .get())
                            .isEqualTo(prices);
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> requireNonNull(caches.getCache("others"))
                                    .put("a", List.of(new Price("a", 1, null))));
                });
    }
}
