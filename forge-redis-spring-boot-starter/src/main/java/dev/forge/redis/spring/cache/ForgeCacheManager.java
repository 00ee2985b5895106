package dev.forge.redis.spring.cache;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheBuilder;
import dev.forge.redis.spring.cache.transaction.CacheTransactions;
import dev.forge.redis.spring.cache.transaction.TransactionalCache;
import dev.forge.redis.spring.connection.Property;
import dev.forge.redis.spring.connection.RedisServers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanNameAware;
import org.springframework.cache.CacheManager;
import org.springframework.core.ResolvableType;

/**
 * The caches of Spring's cache annotations, in Redis.
 *
 * <p>Values are JSON, by the return types of the annotated methods; nothing in Redis names a class. A cache is made when it is
 * first used, unless {@code spring.cache.cache-names} lists all of them.
 *
 * <p>Thread-safe.
 */
public final class ForgeCacheManager implements CacheManager, BeanNameAware {

    private final RedisServers servers;
    private final ForgeCacheProperties properties;
    private final CacheKeyFormat keys;
    private final List<CacheTypes> types;
    private final List<ForgeCacheCustomizer> customizers;
    private final Set<String> allowed;
    private final @Nullable CacheTransactions transactions;
    private final ConcurrentMap<String, SpringCache> caches = new ConcurrentHashMap<>();
    private final List<Consumer<Cache<?>>> listeners = new CopyOnWriteArrayList<>();
    private volatile String beanName = "cacheManager";

    /**
     * @param allowed the names of all caches, or empty if each name makes one
     * @param transactions makes changes wait for the commit of their transaction, or null if they are made at once
     * @throws dev.forge.redis.settings.InvalidSettingsException if a property has a value that cannot be used
     */
    ForgeCacheManager(
            RedisServers servers,
            ForgeCacheProperties properties,
            CacheKeyFormat keys,
            List<CacheTypes> types,
            List<ForgeCacheCustomizer> customizers,
            Collection<String> allowed,
            @Nullable CacheTransactions transactions) {
        this.servers = servers;
        this.properties = properties;
        this.keys = keys;
        this.types = List.copyOf(types);
        this.customizers = List.copyOf(customizers);
        this.allowed = Set.copyOf(allowed);
        this.transactions = transactions;
        check("forge.cache.defaults", "defaults", properties.defaults());
        properties.caches().forEach((name, settings) -> check(property(name), name, settings));
        this.allowed.forEach(this::known);
    }

    /**
     * Returns the cache {@code name}, or null if {@code spring.cache.cache-names} leaves it out.
     *
     * <p>For a method with cache annotations this is a cache for that one call of it.
     */
    @Override
    public org.springframework.cache.@Nullable Cache getCache(String name) {
        SpringCache cache = known(name);
        CacheInvocation invocation = CacheInvocation.current();
        return cache == null || invocation == null ? cache : invocation.cache(cache);
    }

    @Override
    public Collection<String> getCacheNames() {
        return new TreeSet<>(caches.keySet());
    }

    /**
     * Passes each cache to {@code listener}: those that exist, and each that is made later. A cache may be passed
     * twice.
     */
    public void whenMade(Consumer<Cache<?>> listener) {
        listeners.add(listener);
        caches.values().forEach(cache -> listener.accept(cache.cache));
    }

    /** Returns the TTL of the values of the cache {@code name}, unless a method gives them another. */
    public Duration ttl(String name) {
        CacheSettings settings = properties.of(name);
        Duration own = settings.ttl();
        return own == null ? server(name, settings).settings().defaultTtl() : CacheSettings.ttl(own);
    }

    /** Returns the name of this bean. */
    public String beanName() {
        return beanName;
    }

    @Override
    public void setBeanName(String name) {
        beanName = name;
    }

    /** Adds the cache {@code name} of an annotated method, and what the method caches. */
    void add(String name, CachedMethod method) {
        SpringCache cache = known(name);
        if (cache != null) {
            cache.types.add(method);
        }
    }

    /** Returns the cache {@code name} for any call, or null if {@code spring.cache.cache-names} leaves it out. */
    @Nullable
    SpringCache known(String name) {
        SpringCache cache = caches.get(name);
        if (cache == null && (allowed.isEmpty() || allowed.contains(name))) {
            cache = caches.computeIfAbsent(name, this::made);
            for (Consumer<Cache<?>> listener : listeners) {
                listener.accept(cache.cache);
            }
        }
        return cache;
    }

    private SpringCache made(String name) {
        CacheSettings settings = properties.of(name);
        CachedTypes types = new CachedTypes(name);
        if (settings.type() != null) {
            types.add(CachedType.of(ResolvableType.forClass(settings.type())));
        }
        this.types.forEach(more -> more.of(name).forEach(type -> types.add(CachedType.of(type))));
        RedisManager redis = server(name, settings);
        CacheBuilder<TypedValue> builder = Cache.builder(redis, name, types);
        settings.apply(property(name), builder, types, redis.settings().defaultTtl());
        if (transactions != null) {
            builder.longestSnapshot(transactions::longestSnapshot);
        }
        customizers.forEach(customizer -> customizer.customize(name, builder));
        Cache<TypedValue> cache = builder.build();
        return new SpringCache(cache, types, keys, new TransactionalCache<>(cache, transactions));
    }

    /** Applies {@code settings} to a cache that is never built, so that a mistake stops the start, not the first call. */
    private void check(String property, String name, CacheSettings settings) {
        RedisManager redis = servers.named(settings.server(), property + ".server");
        CachedTypes none = new CachedTypes(name);
        CacheBuilder<TypedValue> builder = Property.checked(property, () -> Cache.builder(redis, name, none));
        settings.apply(property, builder, none, redis.settings().defaultTtl());
    }

    private static String property(String name) {
        return Property.ofEntry("forge.cache.caches", name);
    }

    private RedisManager server(String name, CacheSettings settings) {
        return servers.named(settings.server(), property(name) + ".server");
    }
}
