package dev.forge.benchmarks.peer.annotated;

import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;
import dev.forge.benchmarks.peer.SpringCaches;
import dev.forge.benchmarks.peer.profile.Profile;
import dev.forge.benchmarks.peer.stampede.LoadingPeer;
import dev.forge.redis.spring.cache.ForgeCacheManagerAutoConfiguration;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.MapPropertySource;

/** An application whose methods are cached by the manager of one library. */
public final class CachedMethods implements LoadingPeer {
    private static final int MOST = 10_000;

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final Opened connection;
    private final Source source;

    private CachedMethods(
            Map<String, Object> properties, Class<?> caching, Opened connection, UnaryOperator<String> loader) {
        this.connection = connection;
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("benchmark", properties));
        context.registerBean(Source.class, () -> new Source(loader));
        context.register(caching);
        if (connection instanceof SpringCaches caches) {
            context.registerBean(CacheManager.class, caches::manager);
        }
        context.refresh();
        source = context.getBean(Source.class);
    }

    /** Opens an application on the manager of {@code library}; nothing of it is loaded slowly. */
    public static CachedMethods open(Library library, int port) {
        return open(library, port, UnaryOperator.identity());
    }

    /**
     * Opens an application on the manager of {@code library} and the server at {@code port} of this machine.
     *
     * @throws IllegalArgumentException if there is no manager of {@code library} here
     */
    public static CachedMethods open(Library library, int port, UnaryOperator<String> loader) {
        return switch (library) {
            case FORGE ->
                new CachedMethods(
                        Map.of(
                                "forge.redis.connection-url",
                                "redis://127.0.0.1:" + port,
                                "forge.redis.key-prefix",
                                "forge:",
                                "forge.cache.defaults.ttl",
                                TTL.toSeconds() + "s",
                                "forge.cache.caches.method-near.near-cache",
                                MOST),
                        OnForge.class,
                        () -> {},
                        loader);
            case SPRING_CACHE ->
                new CachedMethods(
                        Map.of(),
                        Caching.class,
                        SpringCaches.typed(port, TTL, Map.of("method-profile", Profile.class)),
                        loader);
            case CAFFEINE -> new CachedMethods(Map.of(), OnCaffeine.class, () -> {}, loader);
            default -> throw library.doesNot("cache methods");
        };
    }

    @EnableCaching
    static class Caching {}

    @EnableCaching
    @ImportAutoConfiguration({ForgeRedisAutoConfiguration.class, ForgeCacheManagerAutoConfiguration.class})
    static class OnForge {}

    @EnableCaching
    static class OnCaffeine {
        @Bean
        CacheManager manager() {
            CaffeineCacheManager manager = new CaffeineCacheManager();
            manager.setCacheSpecification("maximumSize=" + MOST + ",expireAfterWrite=" + TTL.toSeconds() + "s");
            return manager;
        }
    }

    /** Returns the profile of {@code id}. */
    public Profile profile(String id) {
        return source.profile(id);
    }

    /** Returns {@code key}, from the memory of the process. */
    public String near(String key) {
        return source.near(key);
    }

    /** Returns what the loader makes of {@code key}. */
    @Override
    public String get(String key) {
        return source.loaded(key);
    }

    @Override
    public void close() {
        context.close();
        connection.close();
    }
}
