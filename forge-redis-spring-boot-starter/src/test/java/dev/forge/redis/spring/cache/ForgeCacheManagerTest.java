package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.observe.CacheStats;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.spring.cache.report.ForgeCacheProviderAutoConfiguration;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.SimpleCacheErrorHandler;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@ExtendWith(OutputCaptureExtension.class)
class ForgeCacheManagerTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ForgeRedisAutoConfiguration.class,
                    ForgeCacheManagerAutoConfiguration.class,
                    CacheAutoConfiguration.class,
                    ForgeCacheProviderAutoConfiguration.class))
            .withUserConfiguration(Application.class)
            .withPropertyValues("forge.redis.connection-url=" + SERVER.url());

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {
        @Bean
        Library library() {
            return new Library();
        }
    }

    record Book(long id, String title, List<String> authors) {}

    record Author(String name) {}

    /** An interface that JSON cannot make an instance of. */
    interface Shelf extends Iterable<Book> {}

    static class Library {
        private final AtomicInteger calls = new AtomicInteger();
        private volatile Runnable meanwhile = () -> {};

        public int calls() {
            return calls.get();
        }

        /** Runs {@code meanwhile} once, after the next read of a book and before it is returned. */
        public void meanwhile(Runnable meanwhile) {
            this.meanwhile = () -> {
                this.meanwhile = () -> {};
                meanwhile.run();
            };
        }

        public void always(Runnable meanwhile) {
            this.meanwhile = meanwhile;
        }

        private Book read(long id) {
            Book book = new Book(id, "Title " + calls.incrementAndGet(), List.of("Ada"));
            meanwhile.run();
            return book;
        }

        @Cacheable("books")
        public Book book(long id) {
            return read(id);
        }

        @Cacheable("books-sync")
        public Optional<Book> optional(long id) {
            calls.incrementAndGet();
            return id < 0 ? Optional.empty() : Optional.of(new Book(id, "Title", List.of()));
        }

        @Cacheable("nulls")
        public @Nullable String nothing(String key) {
            calls.incrementAndGet();
            return null;
        }

        @Cacheable("lists")
        public List<Book> list(int shelf, String language) {
            return List.of(read(shelf));
        }

        @Cacheable(cacheNames = "rare", unless = "#result.title.startsWith('Title')")
        public Book unless(long id) {
            return read(id);
        }

        @Cacheable("interrupted")
        public Book interrupted(long id) {
            throw new RedisInterruptedException("interrupted at " + id, new InterruptedException());
        }

        @Cacheable("failing")
        public Book failing(long id) {
            calls.incrementAndGet();
            throw new IllegalStateException("no book " + id);
        }

        @Cacheable(cacheNames = "synced", sync = true)
        public Book synced(long id) {
            return read(id);
        }

        @Cacheable("futures")
        public CompletableFuture<Book> future(long id) {
            return CompletableFuture.supplyAsync(() -> read(id));
        }

        @Cacheable(cacheNames = "synced-futures", sync = true)
        public CompletableFuture<Book> syncedFuture(long id) {
            return CompletableFuture.supplyAsync(() -> read(id));
        }

        @Cacheable("optional-futures")
        public CompletableFuture<Optional<Book>> optionalFuture(long id) {
            return CompletableFuture.completedFuture(optional(id));
        }

        @Cacheable(cacheNames = "optional-futures", sync = true)
        public CompletableFuture<Optional<Book>> syncedOptionalFuture(long id) {
            return CompletableFuture.completedFuture(optional(id));
        }

        @CachePut(cacheNames = "optional-futures", key = "#id")
        public CompletableFuture<Optional<Book>> updateOptionalFuture(long id) {
            return CompletableFuture.completedFuture(optional(id));
        }

        @Cacheable("optional-monos")
        public Mono<Optional<Book>> optionalMono(long id) {
            return Mono.fromSupplier(() -> optional(id));
        }

        @Cacheable("monos")
        public Mono<Book> mono(long id) {
            return Mono.fromSupplier(() -> read(id));
        }

        @Cacheable("fluxes")
        public Flux<Book> flux(long id) {
            return Flux.defer(() -> Flux.just(read(id), read(id + 1)));
        }

        @Cacheable("futures")
        public CompletableFuture<Book> failingFuture(long id) {
            return CompletableFuture.failedFuture(new IllegalStateException("no book " + id));
        }

        @Cacheable("monos")
        public Mono<Book> failingMono(long id) {
            return Mono.error(new IllegalStateException("no book " + id));
        }

        @Cacheable("monos")
        public Mono<Book> emptyMono(long id) {
            return Mono.fromRunnable(calls::incrementAndGet);
        }

        @Cacheable("monos")
        public Mono<Book> endlessMono(long id) {
            return Mono.never();
        }

        @CachePut(cacheNames = "futures", key = "#book.id")
        public CompletableFuture<Book> updateFuture(Book book) {
            return CompletableFuture.completedFuture(book);
        }

        @Cacheable("mixed")
        public Author author(String id) {
            calls.incrementAndGet();
            return new Author(id);
        }

        @Cacheable("mixed")
        public Book mixedBook(String id) {
            return read(1);
        }

        @Cacheable("shelves")
        public Shelf shelf(long id) {
            calls.incrementAndGet();
            List<Book> books = new ArrayList<>();
            return new Shelf() {
                @Override
                public Iterator<Book> iterator() {
                    return books.iterator();
                }
            };
        }

        @CachePut(cacheNames = "books", key = "#book.id")
        public Book update(Book book) {
            return book;
        }

        @CacheEvict("books")
        public void evict(long id) {}

        @CacheEvict(cacheNames = "books", allEntries = true)
        public void evictAll() {}

        @ForgeCache(ttl = "4m")
        @Cacheable(cacheNames = "short", key = "'sync'", sync = true)
        public Book shortLivedSync(long id) {
            return read(id);
        }

        @ForgeCache(ttl = "180")
        @CachePut(cacheNames = "short", key = "'put'")
        public Book shortLivedPut(long id) {
            return read(id);
        }

        @ForgeCache(ttl = "${book.ttl:5m}")
        @Cacheable("short")
        public Book shortLived(long id) {
            return read(id);
        }
    }

    @BeforeEach
    void empty() {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            redis.getSyncClient().flushall();
        }
    }

    @Test
    void keepsValuesInRedisWithoutAnyConfiguration() {
        application.run(context -> {
            Library library = context.getBean(Library.class);

            Book first = library.book(1);

            assertThat(library.book(1)).isEqualTo(first).isNotSameAs(first);
            assertThat(library.calls()).isEqualTo(1);
            assertThat(context.getBean(RedisManager.class).getSyncClient().strlen("books::1"))
                    .isPositive();
            assertThat(context.getBean(CacheManager.class).getCacheNames()).contains("books", "monos", "shelves");
        });
    }

    @Test
    void cachesForAnyTextAsKey() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            List<String> keys = List.of("", "x".repeat(5_000), "{".repeat(500), "half of a pair \ud83d");

            for (String key : keys) {
                library.nothing(key);
                library.nothing(key);
            }

            assertThat(library.calls()).isEqualTo(keys.size());
        });
    }

    @Test
    void countsAMethodThatFailsAsAFailedLoad() {
        application.run(context -> {
            Library library = context.getBean(Library.class);

            assertThatIllegalStateException().isThrownBy(() -> library.failing(1));
            assertThat(library.failingFuture(1)).failsWithin(Duration.ofSeconds(10));
            assertThatIllegalStateException()
                    .isThrownBy(() -> library.failingMono(1).block());
            library.unless(1);

            for (String failed : List.of("failing", "futures", "monos")) {
                assertThat(stats(context, failed).loads()).as(failed).isEqualTo(1);
                assertThat(stats(context, failed).loadFailures()).as(failed).isEqualTo(1);
            }
            assertThat(stats(context, "rare").loadFailures()).isZero();

            assertThatThrownBy(() -> library.interrupted(1)).isInstanceOf(RedisInterruptedException.class);
            assertThat(stats(context, "interrupted").loads()).isZero();
        });
    }

    private static CacheStats stats(ApplicationContext context, String cache) {
        Object found = requireNonNull(context.getBean(CacheManager.class).getCache(cache))
                .getNativeCache();
        return ((Cache<?>) found).stats();
    }

    @Test
    void noClassIsNamedInRedis() {
        application.run(context -> {
            context.getBean(Library.class).list(1, "en");

            assertThat(context.getBean(RedisManager.class).getSyncClient().get("lists::(1,en)"))
                    .contains("Title 1")
                    .doesNotContain("Book")
                    .doesNotContain("java");
        });
    }

    @Test
    void returnsWhatTheTypesOfTheMethodsSay() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            for (int i = 0; i < 2; i++) {
                assertThat(library.list(1, "en")).first().isInstanceOf(Book.class);
                assertThat(library.optional(1)).get().isInstanceOf(Book.class);
                assertThat(library.optional(-1)).isEmpty();
                assertThat(library.nothing("a")).isNull();
            }
            assertThat(library.calls()).isEqualTo(4);

            Book future = library.future(1).join();
            assertThat(library.future(1).join()).isEqualTo(future);
            Book synced = library.syncedFuture(1).join();
            assertThat(library.syncedFuture(1).join()).isEqualTo(synced);
            Book mono = library.mono(1).block();
            assertThat(library.mono(1).block()).isEqualTo(mono);
            List<Book> flux = library.flux(1).collectList().block();
            assertThat(library.flux(1).collectList().block()).isEqualTo(flux).hasSize(2);
            assertThat(library.calls()).isEqualTo(4 + 1 + 1 + 1 + 2);
        });
    }

    @Test
    void keepsAnOptionalWithinAFutureOrPublisher() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            Optional<Book> book = Optional.of(new Book(1, "Title", List.of()));
            for (int i = 0; i < 2; i++) {
                assertThat(library.optionalFuture(1).join()).isEqualTo(book);
                assertThat(library.optionalFuture(-1).join()).isEmpty();
                assertThat(library.syncedOptionalFuture(2).join()).isPresent();
                assertThat(library.syncedOptionalFuture(-2).join()).isEmpty();
                assertThat(library.optionalMono(1).block()).isEqualTo(book);
                assertThat(library.optionalMono(-1).block()).isEmpty();
            }
            assertThat(library.calls()).isEqualTo(6);

            library.updateOptionalFuture(3).join();
            library.updateOptionalFuture(-3).join();

            assertThat(library.optionalFuture(3).join()).isPresent();
            assertThat(library.optionalFuture(-3).join()).isEmpty();
            assertThat(library.calls()).isEqualTo(8);
        });
    }

    @Test
    void twoTypesMayShareACache() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            library.author("a");
            library.mixedBook("b");

            assertThat(library.author("a")).isEqualTo(new Author("a"));
            assertThat(library.mixedBook("b")).isInstanceOf(Book.class);
            assertThat(library.calls()).isEqualTo(2);
        });
    }

    @Test
    void neverStoresAValueThatWasReadBeforeAnEviction() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            library.meanwhile(() -> library.evict(1));
            library.book(1);
            assertThat(library.book(1).title()).isEqualTo("Title 2");

            library.evictAll();
            library.meanwhile(() -> library.evictAll());
            library.book(1);
            assertThat(library.book(1).title()).isEqualTo("Title 4");
            assertThat(library.book(1).title()).isEqualTo("Title 4");
        });
    }

    @Test
    void neverStoresAFutureValueThatWasReadBeforeAnEviction() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            org.springframework.cache.Cache futures =
                    requireNonNull(context.getBean(CacheManager.class).getCache("futures"));
            org.springframework.cache.Cache monos =
                    requireNonNull(context.getBean(CacheManager.class).getCache("monos"));
            library.meanwhile(() -> futures.evict(1L));
            library.future(1).join();
            assertThat(futures.get(1L)).isNull();

            library.meanwhile(() -> monos.evict(1L));
            library.mono(1).block();
            assertThat(monos.get(1L)).isNull();
        });
    }

    @Test
    void neverStoresAFluxOrASyncValueThatWasReadBeforeAnEviction() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            CacheManager manager = context.getBean(CacheManager.class);
            for (String name : List.of("fluxes", "synced", "synced-futures")) {
                org.springframework.cache.Cache cache = requireNonNull(manager.getCache(name));
                library.meanwhile(() -> cache.evict(1L));
                switch (name) {
                    case "fluxes" -> library.flux(1).collectList().block();
                    case "synced" -> library.synced(1);
                    default -> library.syncedFuture(1).join();
                }
                assertThat(cache.get(1L)).as(name).isNull();
            }
        });
    }

    @Test
    void givesTheLeaseUpIfNothingIsStored() {
        application.run(context -> {
            Library library = context.getBean(Library.class);

            library.unless(1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> library.failing(1))
                    .withMessage("no book 1");
            assertThat(library.failingFuture(1)).failsWithin(Duration.ofSeconds(10));
            assertThatIllegalStateException()
                    .isThrownBy(() -> library.failingMono(2).block());
            library.endlessMono(3).subscribe().dispose();

            CacheManager manager = context.getBean(CacheManager.class);
            assertNoLease(manager, "rare", "1");
            assertNoLease(manager, "failing", "1");
            assertNoLease(manager, "futures", "1");
            assertNoLease(manager, "monos", "2");
            assertNoLease(manager, "monos", "3");
        });
    }

    /** Waits for the end of a lease much shorter than its TTL of two seconds, because giving it up does not block. */
    private static void assertNoLease(CacheManager manager, String cache, String key) {
        Cache<?> cached = (Cache<?>) requireNonNull(manager.getCache(cache)).getNativeCache();
        await().atMost(Duration.ofMillis(1_500))
                .untilAsserted(() -> assertThat(cached.explain(key).state()).isEqualTo(Explanation.State.NOTHING));
    }

    @Test
    void anotherInstanceLoadsAtOnceAfterAFailure() {
        application.run(one -> application.run(other -> {
            Library first = one.getBean(Library.class);
            Library second = other.getBean(Library.class);
            assertThatIllegalStateException().isThrownBy(() -> first.failing(1));
            first.unless(1);
            assertNoLease(other.getBean(CacheManager.class), "failing", "1");

            org.springframework.cache.Cache failing =
                    requireNonNull(other.getBean(CacheManager.class).getCache("failing"));
            assertThat(failing.get(1L, () -> new Book(1, "Found", List.of()))).isNotNull();
            second.unless(1);
            assertThat(second.calls()).isEqualTo(1);
        }));
    }

    @Test
    void doesNotWaitForAnotherCallerWithoutSync() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            library.meanwhile(() -> assertThat(CompletableFuture.supplyAsync(() -> library.book(1))
                            .join()
                            .title())
                    .isEqualTo("Title 2"));

            assertThat(library.book(1).title()).isEqualTo("Title 1");

            // The first caller holds the lease, so its value is stored.
            assertThat(library.book(1).title()).isEqualTo("Title 1");
        });
    }

    @Test
    void cachesThatThereIsNothing() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            for (int i = 0; i < 2; i++) {
                library.nothing("a");
                assertThat(library.emptyMono(9).block()).isNull();
            }

            assertThat(library.calls()).isEqualTo(2);
            Cache<?> nulls = (Cache<?>)
                    requireNonNull(context.getBean(CacheManager.class).getCache("nulls"))
                            .getNativeCache();
            assertThat(nulls.explain("a").state()).isEqualTo(Explanation.State.ABSENCE);
        });
    }

    @Test
    void aMethodThatUsesItsOwnCacheReplacesWhatIsThere() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            CacheManager manager = context.getBean(CacheManager.class);
            library.meanwhile(() -> {
                org.springframework.cache.Cache books = requireNonNull(manager.getCache("books"));
                assertThat(books.get(1L)).isNull();
                books.put(1L, new Book(1, "Newer", List.of()));
            });

            assertThat(library.book(1).title()).isEqualTo("Title 1");

            assertThat(library.book(1).title()).isEqualTo("Newer");
        });
    }

    @Test
    void aPutReplacesWhatIsThere() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            library.book(1);
            library.update(new Book(1, "Changed", List.of()));

            assertThat(library.book(1).title()).isEqualTo("Changed");
            assertThat(library.calls()).isEqualTo(1);

            library.updateFuture(new Book(1, "Changed", List.of())).join();
            assertThat(library.future(1).join().title()).isEqualTo("Changed");
            assertThat(library.calls()).isEqualTo(1);
        });
    }

    @Test
    void leavesAMethodUncachedWhoseTypeJsonCannotRead(CapturedOutput output) {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            library.shelf(1);
            library.shelf(1);

            assertThat(library.calls()).isEqualTo(2);
            assertThat(output)
                    .contains("Library.shelf(long) are not cached in [shelves]", "forge.cache.unsupported-types=fail");
        });
        application
                .withPropertyValues("forge.cache.unsupported-types=fail")
                .run(context ->
                        assertThat(context).getFailure().hasMessageContaining("Library.shelf(long) are not cached"));
    }

    @Test
    void readsTheOptionsOfCachesAndMethods() {
        application
                .withPropertyValues(
                        "forge.cache.defaults.ttl=1h",
                        "forge.cache.caches.books.ttl=10s",
                        "forge.cache.caches.nulls.cache-null=false",
                        "forge.cache.caches.lists.near-cache=10")
                .run(context -> {
                    Library library = context.getBean(Library.class);
                    RedisManager redis = context.getBean(RedisManager.class);
                    library.book(1);
                    library.shortLived(1);
                    library.shortLivedSync(1);
                    library.shortLivedPut(1);
                    library.list(1, "en");
                    library.nothing("a");
                    library.nothing("a");

                    assertThat(redis.getSyncClient().pttl("books::1")).isBetween(5_000L, 10_000L);
                    assertThat(redis.getSyncClient().pttl("short::1")).isBetween(280_000L, 300_000L);
                    assertThat(redis.getSyncClient().pttl("short::sync")).isBetween(220_000L, 240_000L);
                    assertThat(redis.getSyncClient().pttl("short::put")).isBetween(170_000L, 180_000L);
                    assertThat(redis.getSyncClient().pttl("lists::(1,en)")).isBetween(3_400_000L, 3_600_000L);
                    assertThat(library.calls()).isEqualTo(7);
                });
    }

    @Test
    void backsOffForAnotherManagerAndSaysWhoCaches(CapturedOutput output) {
        application
                .withBean("mine", CacheManager.class, ConcurrentMapCacheManager::new)
                .run(context -> {
                    assertThat(context).hasSingleBean(CacheManager.class).doesNotHaveBean(ForgeCacheManager.class);
                    assertThat(output).contains("The cache annotations do not use Forge, because the application has");
                });
        application.withPropertyValues("spring.cache.type=none").run(context -> {
            assertThat(context).doesNotHaveBean(ForgeCacheManager.class);
            assertThat(output).contains("do not use Forge, because spring.cache.type is none");
        });
        application.withPropertyValues("spring.cache.type=caffeine").run(context -> {
            assertThat(context).doesNotHaveBean(ForgeCacheManager.class).hasSingleBean(CacheManager.class);
            assertThat(output).contains("spring.cache.type is caffeine. They use cacheManager (");
        });
    }

    /** As Spring Boot reads it, for example of {@code ${CACHE_TYPE:}}. */
    @Test
    void anEmptyTypeIsNone() {
        application
                .withPropertyValues("spring.cache.type=")
                .run(context -> assertThat(context).hasSingleBean(ForgeCacheManager.class));
    }

    @Test
    void hasNoOtherCachesThanThoseThatAreListed() {
        application.withPropertyValues("spring.cache.cache-names=books,lists").run(context -> {
            CacheManager manager = context.getBean(CacheManager.class);

            assertThat(manager.getCacheNames()).containsExactly("books", "lists");
            assertThat(manager.getCache("others")).isNull();
        });
    }

    @Test
    void loadsOnceForAllCallersOfASyncMethod() {
        application.run(one -> application.run(other -> {
            Library first = one.getBean(Library.class);
            Library second = other.getBean(Library.class);
            first.always(() -> pause(Duration.ofMillis(100)));
            second.always(() -> pause(Duration.ofMillis(100)));
            List<CompletableFuture<Book>> callers = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(200);
            try {
                for (int i = 0; i < 200; i++) {
                    Library library = i % 2 == 0 ? first : second;
                    callers.add(CompletableFuture.supplyAsync(() -> library.synced(7), threads));
                }
                callers.forEach(CompletableFuture::join);
            } finally {
                threads.shutdownNow();
            }

            assertThat(first.calls() + second.calls()).isEqualTo(1);
        }));
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    @Test
    void leavesKeysAndOptionsToTheBeansOfTheApplication() {
        application
                .withBean(CacheKeyFormat.class, () -> key -> "mine-" + key)
                .withBean(ForgeCacheCustomizer.class, () -> (name, builder) -> builder.ttl(Duration.ofSeconds(7)))
                .run(context -> {
                    context.getBean(Library.class).book(1);

                    assertThat(context.getBean(RedisManager.class)
                                    .getSyncClient()
                                    .pttl("books::mine-1"))
                            .isBetween(1L, 7_000L);
                });
    }

    @Test
    void needsNoTransactionsOnTheClassPath() throws Exception {
        List<URL> others = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!path.contains("spring-tx")) {
                others.add(Path.of(path).toUri().toURL());
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(others.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);

            Object calls = loader.loadClass(WithoutTransactions.class.getName())
                    .getMethod("calls", String.class)
                    .invoke(null, SERVER.url());

            assertThat(calls).isEqualTo(2);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void runsTheMethodsWhileRedisIsAwayAndFailsEvictions() {
        application
                .withPropertyValues("forge.redis.connection-url=redis://127.0.0.1:1")
                .run(context -> {
                    Library library = context.getBean(Library.class);
                    library.book(1);
                    library.book(1);
                    library.synced(1);
                    library.future(1).join();
                    library.mono(1).block();

                    assertThat(library.calls()).isEqualTo(5);
                    assertThatThrownBy(() -> library.evict(1)).isInstanceOf(RedisFailure.class);
                    assertThatThrownBy(() -> library.update(new Book(1, "Changed", List.of())))
                            .isInstanceOf(RedisFailure.class);
                });
    }

    @Test
    void aCacheErrorHandlerDecidesAboutAFailedEviction() {
        List<RuntimeException> failures = new ArrayList<>();
        application
                .withPropertyValues("forge.redis.connection-url=redis://127.0.0.1:1")
                .withBean(CachingConfigurer.class, () -> new CachingConfigurer() {
                    @Override
                    public CacheErrorHandler errorHandler() {
                        return new SimpleCacheErrorHandler() {
                            @Override
                            public void handleCacheEvictError(
                                    RuntimeException exception, org.springframework.cache.Cache cache, Object key) {
                                failures.add(exception);
                            }
                        };
                    }
                })
                .run(context -> {
                    context.getBean(Library.class).evict(1);

                    assertThat(failures).singleElement().isInstanceOf(RedisFailure.class);
                });
    }

    @Test
    void aFutureCompletesWhenItsValueIsInRedis() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            application
                    .withPropertyValues("forge.redis.connection-url=" + server.url())
                    .run(context -> {
                        Library library = context.getBean(Library.class);
                        library.meanwhile(server::freeze);
                        CompletableFuture<Book> future = library.future(1);
                        await().until(() -> library.calls() == 1);

                        await().during(Duration.ofMillis(300)).until(() -> !future.isDone());
                        server.thaw();

                        assertThat(future).succeedsWithin(Duration.ofSeconds(10));
                    });
        }
    }

    @Test
    void returnsTheValueIfRedisGoesAwayWhileTheMethodRuns() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            application
                    .withPropertyValues("forge.redis.connection-url=" + server.url())
                    .run(context -> {
                        Library library = context.getBean(Library.class);
                        library.meanwhile(server::kill);

                        assertThat(library.book(1).title()).isEqualTo("Title 1");
                    });
        }
    }
}
