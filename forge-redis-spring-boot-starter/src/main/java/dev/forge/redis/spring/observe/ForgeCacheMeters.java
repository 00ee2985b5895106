package dev.forge.redis.spring.observe;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.observe.CacheStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The statistics of caches, as meters: those of Forge, and those that Spring Boot has for every kind of cache.
 *
 * <p>These are {@code forge.cache.gets} by {@code result} ({@code near}, {@code hit}, {@code stale}, {@code miss}),
 * {@code forge.cache.load}, {@code forge.cache.load.failures}, and one counter for each other number of
 * {@link CacheStats}. Every meter has the name of its cache as the tag {@code cache}. Beside them are {@code cache.gets} by
 * {@code result} ({@code hit}, {@code miss}), {@code cache.puts} and {@code cache.removals}, with the tags that Spring
 * Boot gives them. There is no {@code cache.size}: a process does not know how many values are in Redis.
 *
 * <p>The starter binds every {@link Cache} bean. Bind others with {@code new
 * ForgeCacheMeters(List.of(cache)).bindTo(registry)}.
 */
public final class ForgeCacheMeters implements MeterBinder {

    private static final String NO_MANAGER = "none";

    private final List<Cache<?>> caches;

    /** Makes meters for {@code caches}, which must have different names. */
    public ForgeCacheMeters(List<Cache<?>> caches) {
        this.caches = List.copyOf(caches);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        caches.forEach(cache -> bind(cache, NO_MANAGER, registry));
    }

    /** @param manager the name of the Spring cache manager that has the cache */
    static void bind(Cache<?> cache, String manager, MeterRegistry registry) {
        bindOwn(cache, registry);
        bindStandard(cache, Tags.of("cache", cache.name(), "name", cache.name(), "cache.manager", manager), registry);
    }

    private static void bindStandard(Cache<?> cache, Tags tags, MeterRegistry registry) {
        FunctionCounter.builder("cache.gets", cache, each -> hits(each.stats()))
                .tags(tags.and("result", "hit"))
                .description("Look-ups that have found a value")
                .register(registry);
        FunctionCounter.builder("cache.gets", cache, each -> each.stats().misses())
                .tags(tags.and("result", "miss"))
                .description("Look-ups that have found no value")
                .register(registry);
        FunctionCounter.builder("cache.puts", cache, each -> each.stats().puts())
                .tags(tags)
                .description("Values that were stored")
                .register(registry);
        FunctionCounter.builder("cache.removals", cache, each -> each.stats().removals())
                .tags(tags)
                .description("Values that were removed")
                .register(registry);
    }

    private static double hits(CacheStats stats) {
        return (double) stats.nearHits() + stats.hits() + stats.stale();
    }

    private static void bindOwn(Cache<?> cache, MeterRegistry registry) {
        Tags tags = Tags.of("cache", cache.name());
        get(cache, registry, "near", CacheStats::nearHits);
        get(cache, registry, "hit", CacheStats::hits);
        get(cache, registry, "stale", CacheStats::stale);
        get(cache, registry, "miss", CacheStats::misses);
        FunctionTimer.builder(
                        "forge.cache.load",
                        cache,
                        each -> each.stats().loads(),
                        each -> each.stats().loadTime().toNanos(),
                        TimeUnit.NANOSECONDS)
                .tags(tags)
                .description("Number and duration of loads")
                .register(registry);
        count(cache, registry, "load.failures", CacheStats::loadFailures, "Loaders that failed");
        count(cache, registry, "refreshes.early", CacheStats::earlyRefreshes, "Loads before a value was stale");
        count(cache, registry, "joins", CacheStats::joins, "Callers that shared a look-up");
        count(cache, registry, "waits", CacheStats::waits, "Look-ups that waited for another process");
        count(cache, registry, "unreadable", CacheStats::unreadable, "Entries that could not be read");
        count(cache, registry, "unstorable", CacheStats::unstorable, "Values that would come back changed");
        count(cache, registry, "stores.rejected", CacheStats::rejectedStores, "Loaded values that were not stored");
        count(cache, registry, "redis.failures", CacheStats::redisFailures, "Failures of Redis");
        count(cache, registry, "near.bypasses", CacheStats::bypasses, "Look-ups that bypassed an untrusted near cache");
        Gauge.builder("forge.cache.near.size", cache, each -> each.stats().nearSize())
                .tags(tags)
                .description("Entries in the near cache of this process")
                .register(registry);
        Gauge.builder(
                        "forge.cache.invalidations.pending",
                        cache,
                        each -> each.stats().pendingInvalidations())
                .tags(tags)
                .description("Invalidations that Redis has not acknowledged")
                .register(registry);
    }

    private static void get(
            Cache<?> cache, MeterRegistry registry, String result, ToDoubleFunction<CacheStats> number) {
        FunctionCounter.builder("forge.cache.gets", cache, each -> number.applyAsDouble(each.stats()))
                .tags("cache", cache.name(), "result", result)
                .description("Look-ups by the source of their result")
                .register(registry);
    }

    private static void count(
            Cache<?> cache,
            MeterRegistry registry,
            String name,
            ToDoubleFunction<CacheStats> number,
            String description) {
        FunctionCounter.builder("forge.cache." + name, cache, each -> number.applyAsDouble(each.stats()))
                .tags("cache", cache.name())
                .description(description)
                .register(registry);
    }
}
