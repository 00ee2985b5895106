package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.spring.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
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

        @Cacheable("monos")
        public Mono<Book> mono(long id) {
            return Mono.fromSupplier(() -> read(id));
        }

        @Cacheable("fluxes")
        public Flux<Book> flux(long id) {
            return Flux.defer(() -> Flux.just(read(id), read(id + 1)));
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
    void givesTheLeaseUpIfNothingIsStored() {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            Cache<?> rare = (Cache<?>) requireNonNull(context.getBean(CacheManager.class).getCache("rare"))
                    .getNativeCache();
            Cache<?> failing = (Cache<?>) requireNonNull(context.getBean(CacheManager.class).getCache("failing"))
                    .getNativeCache();

            library.unless(1);
            assertThatIllegalStateException().isThrownBy(() -> library.failing(1)).withMessage("no book 1");

            // Closing a miss does not block.
            org.awaitility.Awaitility.await().untilAsserted(() -> {
                assertThat(rare.explain("1").state().name()).isEqualTo("NOTHING");
                assertThat(failing.explain("1").state().name()).isEqualTo("NOTHING");
            });
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
        });
    }

    @Test
    void leavesAMethodUncachedWhoseTypeJsonCannotRead(CapturedOutput output) {
        application.run(context -> {
            Library library = context.getBean(Library.class);
            library.shelf(1);
            library.shelf(1);

            assertThat(library.calls()).isEqualTo(2);
            assertThat(output).contains("Library.shelf are not cached in [shelves]", "forge.cache.unsupported-types=fail");
        });
        application
                .withPropertyValues("forge.cache.unsupported-types=fail")
                .run(context -> assertThat(context).getFailure().hasMessageContaining("Library.shelf are not cached"));
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
                    library.list(1, "en");
                    library.nothing("a");
                    library.nothing("a");

                    assertThat(redis.getSyncClient().pttl("books::1")).isBetween(5_000L, 10_000L);
                    assertThat(redis.getSyncClient().pttl("short::1")).isBetween(280_000L, 300_000L);
                    assertThat(redis.getSyncClient().pttl("lists::(1,en)")).isBetween(3_400_000L, 3_600_000L);
                    assertThat(library.calls()).isEqualTo(5);
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
            java.util.concurrent.ExecutorService threads = java.util.concurrent.Executors.newFixedThreadPool(200);
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
        java.util.concurrent.locks.LockSupport.parkNanos(time.toNanos());
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

                    assertThat(library.calls()).isEqualTo(3);
                    assertThatThrownBy(() -> library.evict(1))
                            .isInstanceOf(dev.forge.redis.failure.RedisFailure.class);
                });
    }
}
