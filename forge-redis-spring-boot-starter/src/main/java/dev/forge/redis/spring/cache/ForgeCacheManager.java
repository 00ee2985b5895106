package dev.forge.redis.spring.cache;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheBuilder;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
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
public final class ForgeCacheManager implements CacheManager {

    private final RedisManager redis;
    private final ForgeCacheProperties properties;
    private final CacheKeyFormat keys;
    private final List<ForgeCacheCustomizer> customizers;
    private final Set<String> allowed;
    private final @Nullable CacheTransactions transactions;
    private final ConcurrentMap<String, SpringCache> caches = new ConcurrentHashMap<>();

    /**
     * @param allowed the names of all caches, or empty if each name makes one
     * @param transactions makes changes wait for the commit of their transaction, or null if they are made at once
     */
    ForgeCacheManager(
            RedisManager redis,
            ForgeCacheProperties properties,
            CacheKeyFormat keys,
            List<ForgeCacheCustomizer> customizers,
            Collection<String> allowed,
            @Nullable CacheTransactions transactions) {
        this.redis = redis;
        this.properties = properties;
        this.keys = keys;
        this.customizers = List.copyOf(customizers);
        this.allowed = Set.copyOf(allowed);
        this.transactions = transactions;
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

    /** Adds the cache {@code name} of an annotated method, and the type of what the method caches, if it caches any. */
    void add(String name, @Nullable CachedType type) {
        SpringCache cache = known(name);
        if (cache != null && type != null) {
            cache.types.add(type);
        }
    }

    private @Nullable SpringCache known(String name) {
        SpringCache cache = caches.get(name);
        if (cache == null && (allowed.isEmpty() || allowed.contains(name))) {
            cache = caches.computeIfAbsent(name, this::made);
        }
        return cache;
    }

    private SpringCache made(String name) {
        CacheSettings settings = properties.of(name);
        CachedTypes types = new CachedTypes(name);
        if (settings.type() != null) {
            types.add(CachedType.of(ResolvableType.forClass(settings.type())));
        }
        CacheBuilder<TypedValue> builder = Cache.builder(redis, name, types);
        settings.apply(builder, redis.settings().defaultTtl());
        if (transactions != null) {
            builder.longestSnapshot(transactions.snapshots()::longest);
        }
        customizers.forEach(customizer -> customizer.customize(name, builder));
        return new SpringCache(builder.build(), types, keys, transactions);
    }
}
