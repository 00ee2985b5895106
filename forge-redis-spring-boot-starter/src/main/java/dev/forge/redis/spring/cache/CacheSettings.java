package dev.forge.redis.spring.cache;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.CacheBuilder;
import dev.forge.redis.cache.EntryOptions;
import dev.forge.redis.spring.connection.Property;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * The options of one cache, or of all; those that are null are not set.
 *
 * @param ttl TTL of values: seconds, or with a unit; 0 means that they do not expire. Default: the default TTL of forge.redis.
 * @param staleFor How long values are served after their TTL while a fresh one is loaded: seconds, or with a unit. Default: not at all.
 * @param nearCache How many values are kept in the memory of the application. Default: none.
 * @param nearCacheSize How much memory these values may take, as a limit instead of their number.
 * @param earlyRefresh Whether values are loaded again shortly before their TTL ends. Default: false.
 * @param loadTimeout How long a caller of a sync method waits for a load, of this process or of another: seconds, or with a unit. Default: as long as its own load takes.
 * @param cacheNull Whether null results of methods are cached. Default: true.
 * @param compressAbove Size above which values are compressed. Default: never.
 * @param type Class of the values that are put without a method that has cache annotations.
 * @param tags Tags of all values of the cache. Default: none.
 * @param server Name of the Redis server that keeps the values, one of forge.redis.servers. Default: that of forge.redis.
 */
record CacheSettings(
        @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration ttl,
        @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration staleFor,
        @Nullable Integer nearCache,
        @Nullable DataSize nearCacheSize,
        @Nullable Boolean earlyRefresh,
        @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration loadTimeout,
        @Nullable Boolean cacheNull,
        @Nullable DataSize compressAbove,
        @Nullable Class<?> type,
        @Nullable List<String> tags,
        @Nullable String server) {

    static Duration ttl(Duration property) {
        return property.isZero() ? RedisManager.NO_EXPIRY : property;
    }

    /** Returns these settings, with those of {@code defaults} where these are not set. */
    CacheSettings or(CacheSettings defaults) {
        boolean nearIsSet = nearCache != null || nearCacheSize != null;
        return new CacheSettings(
                first(ttl, defaults.ttl),
                first(staleFor, defaults.staleFor),
                nearIsSet ? nearCache : defaults.nearCache,
                nearIsSet ? nearCacheSize : defaults.nearCacheSize,
                first(earlyRefresh, defaults.earlyRefresh),
                first(loadTimeout, defaults.loadTimeout),
                first(cacheNull, defaults.cacheNull),
                first(compressAbove, defaults.compressAbove),
                first(type, defaults.type),
                first(tags, defaults.tags),
                first(server, defaults.server));
    }

    boolean cachesNull() {
        return cacheNull == null || cacheNull;
    }

    /**
     * @param property the prefix of the names of these settings, for the messages
     * @throws dev.forge.redis.settings.InvalidSettingsException if a value cannot be used
     */
    void apply(String property, CacheBuilder<TypedValue> builder, CachedTypes types, Duration defaultTtl) {
        Duration all = ttl == null ? defaultTtl : ttl(ttl);
        set(property + ".ttl", all, builder::ttl);
        builder.ttlOf(value -> Optional.ofNullable(value.ttl()));
        set(property + ".tags", tags, some -> EntryOptions.NONE.tags(some.toArray(String[]::new)));
        builder.options(this::options).tagsIf(() -> types.haveTags);
        types.haveTags |= tags != null && !tags.isEmpty();
        if (cachesNull()) {
            builder.cacheAbsence(all);
        }
        set(property + ".stale-for", staleFor, builder::staleFor);
        if (nearCacheSize != null) {
            set(property + ".near-cache-size", nearCacheSize, size -> builder.nearCacheBytes(bytes(size)));
        } else if (nearCache != null && nearCache != 0) {
            set(property + ".near-cache", nearCache, builder::nearCache);
        }
        if (Boolean.TRUE.equals(earlyRefresh)) {
            builder.earlyRefresh();
        }
        set(property + ".load-timeout", loadTimeout, builder::loadTimeout);
        set(property + ".compress-above", compressAbove, size -> builder.compressAbove(bytes(size)));
    }

    private static <T> void set(String property, @Nullable T value, Function<T, ?> setter) {
        if (value != null) {
            Property.checked(property, () -> setter.apply(value));
        }
    }

    private static int bytes(DataSize size) {
        if (size.toBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("must be below 2GB, but was " + size);
        }
        return (int) Math.max(size.toBytes(), -1);
    }

    /** Returns the tags of {@code value}: those of the cache and those of its method. */
    EntryOptions options(TypedValue value) {
        if (tags == null || tags.isEmpty()) {
            return value.tags().isEmpty()
                    ? EntryOptions.NONE
                    : EntryOptions.NONE.tags(value.tags().toArray(String[]::new));
        }
        return EntryOptions.NONE.tags(
                Stream.concat(tags.stream(), value.tags().stream()).toArray(String[]::new));
    }

    private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
        return one == null ? other : one;
    }
}
