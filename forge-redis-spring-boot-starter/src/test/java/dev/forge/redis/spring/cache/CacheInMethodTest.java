package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Methods that use the manager themselves, methods of another manager, and the names of all caches. */
@ExtendWith(OutputCaptureExtension.class)
class CacheInMethodTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ForgeRedisAutoConfiguration.class,
                    ForgeCacheManagerAutoConfiguration.class,
                    CacheAutoConfiguration.class))
            .withPropertyValues("forge.redis.connection-url=" + SERVER.url());

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Shop {
        @Bean
        Books books(CacheManager manager) {
            return new Books(manager);
        }
    }

    static class Books {
        private final CacheManager manager;

        Books(CacheManager manager) {
            this.manager = manager;
        }

        @Cacheable("books")
        public String book(long id) {
            return "Title " + id;
        }

        @CacheEvict(cacheNames = "books", key = "#id")
        public String evicting(long id, long other) {
            return seenThenPut(other);
        }

        @CachePut(cacheNames = "books", key = "#id")
        public String putting(long id, long other) {
            return seenThenPut(other);
        }

        private String seenThenPut(long other) {
            Cache cache = requireNonNull(manager.getCache("books"));
            Cache.ValueWrapper found = cache.get(other);
            cache.put(other, "put");
            return found == null ? "nothing" : String.valueOf(found.get());
        }
    }

    /** A type that JSON cannot read. */
    interface Rendered {}

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Local {
        @Bean(defaultCandidate = false)
        CacheManager local() {
            return new CaffeineCacheManager();
        }

        @Bean
        Pages pages() {
            return new Pages();
        }
    }

    static class Pages {
        @Cacheable(cacheNames = "pages", cacheManager = "local")
        public Rendered page(long id) {
            return new Rendered() {};
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMethodThatOnlyEvictsOrPutsSeesAndChangesTheCacheAsAnyCode(boolean evicts) {
        application.withUserConfiguration(Shop.class).run(context -> {
            Books books = context.getBean(Books.class);
            Cache cache = requireNonNull(context.getBean(CacheManager.class).getCache("books"));
            long other = evicts ? 12 : 22;
            books.book(other);

            String seen = evicts ? books.evicting(11, other) : books.putting(21, other);
            String missed = evicts ? books.evicting(11, 13) : books.putting(21, 23);

            assertThat(seen).isEqualTo("Title " + other);
            assertThat(requireNonNull(cache.get(other)).get()).isEqualTo("put");
            assertThat(missed).isEqualTo("nothing");
            assertThat(requireNonNull(cache.get(other + 1)).get()).isEqualTo("put");
        });
    }

    @Test
    void leavesAMethodAloneThatNamesAnotherManager(CapturedOutput output) {
        application
                .withUserConfiguration(Local.class)
                .withPropertyValues("forge.cache.unsupported-types=fail")
                .run(context -> {
                    Pages pages = context.getBean(Pages.class);

                    assertThat(pages.page(1)).isSameAs(pages.page(1));
                    assertThat(context.getBean(ForgeCacheManager.class).getCacheNames())
                            .doesNotContain("pages");
                    assertThat(output).doesNotContain("are not cached");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.cache.cache-names=books,lists",
                "spring.cache.cache-names[0]=books;spring.cache.cache-names[1]=lists"
            })
    void hasOnlyTheCachesThatArePropertiesOfSpring(String names) {
        application
                .withUserConfiguration(Shop.class)
                .withPropertyValues(names.split(";"))
                .run(context -> {
                    CacheManager manager = context.getBean(CacheManager.class);

                    assertThat(manager.getCacheNames()).containsExactly("books", "lists");
                    assertThat(manager.getCache("other")).isNull();
                });
    }
}
