package dev.forge.redis.spring.observe;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/**
 * A service that uses all of Forge and exposes its meters to Prometheus: for tests, and for {@code .ci/observability},
 * which runs it as a process.
 */
public final class ObservedService {

    private ObservedService() {}

    /** Starts the service at the port {@code args[0]}, and uses it until it is ended. */
    public static void main(String[] args) {
        ConfigurableApplicationContext service = start(Integer.parseInt(args[0]));
        while (service.isActive()) {
            use(service);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    static ConfigurableApplicationContext start(int port, String... more) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.port", port);
        properties.put("management.endpoints.web.exposure.include", "*");
        properties.put("forge.observe.commands", true);
        properties.put("forge.rate-limit.rules.trial.paths", "/trial");
        properties.put("forge.rate-limit.rules.trial.permits", 1);
        properties.put("forge.rate-limit.rules.trial.period", "1s");
        properties.put("forge.rate-limit.rules.trial.shadow-mode", true);
        properties.put("forge.cache.caches.books.ttl", "5m");
        for (String property : more) {
            int equals = property.indexOf('=');
            properties.put(property.substring(0, equals), property.substring(equals + 1));
        }
        SpringApplication application = new SpringApplication(Application.class);
        application.setDefaultProperties(properties);
        return application.run();
    }

    /** Starts the service at any port with {@code properties}, and uses each feature once. */
    public static ConfigurableApplicationContext startAndUse(String... properties) {
        ConfigurableApplicationContext service = start(0, properties);
        use(service);
        return service;
    }

    /** Uses each feature once. */
    static void use(ConfigurableApplicationContext service) {
        service.getBean(Traffic.class).run();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableCaching
    static class Application {

        @Bean
        EmbeddedRedis redis() {
            return EmbeddedRedis.start();
        }

        @Bean
        SecurityFilterChain open(HttpSecurity http) {
            return http.csrf(csrf -> csrf.disable())
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }

        @Bean
        Cache<String> names(RedisManager redis) {
            return Cache.builder(redis, "names", String.class).nearCache(100).build();
        }

        @Bean
        Library library() {
            return new Library();
        }

        @Bean
        Traffic traffic(RedisManager redis, Cache<String> names, SessionStore sessions, Library library) {
            RateLimiter limiter = RateLimiter.slidingWindow(redis, "api", Limit.of(2, Duration.ofSeconds(1)));
            return new Traffic(
                    redis,
                    names,
                    sessions,
                    library,
                    limiter,
                    limiter.withShadowMode(true).withDenialCache(false));
        }
    }

    /** A bean with cache annotations, of which some do nothing. */
    public static class Library {

        /** Cached. */
        @Cacheable(cacheNames = "books", sync = true)
        public String title(String number) {
            return "Book " + number;
        }

        /** Evicts. */
        @CacheEvict("books")
        public void changed(String number) {}

        /** Cannot be intercepted. */
        @Cacheable("books")
        public final String copy(String number) {
            return title(number);
        }

        @Cacheable("books")
        private String secret(String number) {
            return number;
        }

        /** Returns an interface, which JSON cannot read back. */
        @Cacheable("shelves")
        public Shelf shelf(String number) {
            return () -> secret(number);
        }
    }

    /** A type that cannot be cached. */
    public interface Shelf {

        /** Returns the name. */
        String name();
    }

    record Traffic(
            RedisManager redis,
            Cache<String> names,
            SessionStore sessions,
            Library library,
            RateLimiter limiter,
            RateLimiter trial)
            implements Runnable {

        @Override
        public void run() {
            redis.getSync("missing");
            for (int i = 0; i < 3; i++) {
                names.get("1", key -> Optional.of("Ada"));
                library.title("1");
                limiter.tryAcquire("ada");
                trial.tryAcquire("ada");
            }
            names.invalidate("1");
            library.changed("1");
            String id = sessions.create("ada", Map.of()).id().value();
            sessions.get(id);
            sessions.delete(id);
        }
    }
}
