package dev.forge.redis.spring.documentation;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.spring.cache.ForgeCache;
import dev.forge.redis.spring.cache.InvalidateMatching;
import dev.forge.redis.spring.cache.InvalidateTag;
import dev.forge.redis.spring.cache.transaction.CacheTransactions;
import dev.forge.redis.spring.ratelimit.RateLimitPlan;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The examples of the pages on Spring's cache and on rate limits. */
interface SpringSnippets {

    @Configuration
    @EnableCaching
    class CachingConfiguration {}

    @Service
    class Books {
        private final BookRepository repository;

        Books(BookRepository repository) {
            this.repository = repository;
        }

        @Cacheable("books")
        public Book book(long id) {
            return repository.find(id);
        }

        @Cacheable(cacheNames = "bestsellers", sync = true)
        @ForgeCache(ttl = "5m")
        public List<Book> bestsellers(String country) {
            return repository.bestsellers(country);
        }

        @CacheEvict(cacheNames = "books", key = "#book.id")
        public void change(Book book) {
            repository.save(book);
        }
    }

    @Service
    class Prices {
        private final PriceRepository repository;

        Prices(PriceRepository repository) {
            this.repository = repository;
        }

        @Cacheable(cacheNames = "prices", key = "#tenant + ':' + #article")
        @ForgeCache(tags = "tenant:#{#tenant}")
        public Price price(String tenant, long article) {
            return repository.find(tenant, article);
        }

        @InvalidateTag(value = "tenant:#{#tenant}", cacheNames = "prices")
        public void raiseAll(String tenant) {
            repository.raiseAll(tenant);
        }

        @InvalidateMatching(value = "{}:*", arguments = "#tenant", cacheNames = "prices")
        public void forget(String tenant) {
            repository.remove(tenant);
        }
    }

    @Configuration
    class LocalCaches {
        @Bean(defaultCandidate = false)
        CacheManager local() {
            return new CaffeineCacheManager();
        }
    }

    class LocalBooks {
        private final BookRepository repository;

        LocalBooks(BookRepository repository) {
            this.repository = repository;
        }

        @Caching(
                cacheable = {
                    @Cacheable(cacheNames = "books", cacheManager = "local"),
                    @Cacheable(cacheNames = "books", cacheManager = "cacheManager")
                })
        public Book readOften(long id) {
            return repository.find(id);
        }
    }

    @Service
    class Profiles {
        private final Cache<Profile> cache;
        private final CacheTransactions transactions;
        private final ProfileRepository repository;

        Profiles(Cache<Profile> cache, CacheTransactions transactions, ProfileRepository repository) {
            this.cache = cache;
            this.transactions = transactions;
            this.repository = repository;
        }

        @Transactional
        public void change(Profile profile) {
            repository.save(profile);
            transactions.invalidateAfterCommit(cache, profile.id());
        }
    }

    @Configuration
    class PlansConfiguration {
        @Bean
        RateLimitPlan plan(Accounts accounts) {
            return request -> accounts.planOf(request.getUserPrincipal());
        }
    }

    record Book(long id, String title) {}

    record Profile(String id, String name) {}

    interface ProfileRepository {
        void save(Profile profile);
    }

    interface BookRepository {
        Book find(long id);

        List<Book> bestsellers(String country);

        void save(Book book);
    }

    record Price(long amount) {}

    interface PriceRepository {
        Price find(String tenant, long article);

        void raiseAll(String tenant);

        void remove(String tenant);
    }

    interface Accounts {
        Optional<String> planOf(@Nullable Principal caller);
    }
}
