package dev.forge.redis.cache;

import dev.forge.redis.cache.observe.CacheListener;
import dev.forge.redis.codec.Codec;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The options of one cache, which {@link CacheBuilder} documents, as they were when it was built.
 *
 * <p>Immutable.
 */
final class CacheOptions<V> {

    final Keyspace keyspace;
    final Codec<V> codec;
    final Duration ttl;

    /** Returns the TTL of a value, or is null if all values have that of the cache. */
    private final @Nullable Function<? super V, Optional<Duration>> ttlOfValue;

    final double ttlJitter;

    /** The TTL of a cached absence, or null if absence is not cached. */
    final @Nullable Duration absenceTtl;

    final Duration staleFor;
    final Duration softTimeout;

    /** How long a caller waits for a load, which then continues without it; or null for as long as it takes. */
    final @Nullable Duration loadTimeout;

    /** How long one load may take, and how long others wait for it. */
    final Duration leaseTime;

    /** Returns the options of a value, or null if all values have those of the cache. */
    final @Nullable Function<? super V, EntryOptions> ofValue;

    /** Returns whether values may have tags now. */
    final BooleanSupplier tagsIf;

    /** The maximum total weight of the near cache, or 0 for none. */
    final long nearWeight;

    /** Whether a value in the near cache weighs its estimated size in bytes; otherwise it weighs 1. */
    final boolean nearByBytes;

    /** How early values are refreshed: the beta of XFetch, or 0 for never before they are stale. */
    final double eagerness;

    /** How old the snapshot of the source from which a value is read may be, or zero if there are no snapshots. */
    final Supplier<Duration> longestSnapshot;

    final int compressAbove;
    final int largestValue;
    final int loadsWithoutRedis;
    final CacheListener listener;
    final Executor executor;

    CacheOptions(CacheBuilder<V> builder) {
        this.keyspace = builder.keyspace;
        this.codec = builder.codec;
        this.ttl = builder.ttl;
        this.ttlOfValue = builder.ttlOf;
        this.ttlJitter = builder.ttlJitter;
        this.absenceTtl = builder.absenceTtl;
        this.staleFor = builder.staleFor;
        this.softTimeout = builder.softTimeout;
        this.loadTimeout = builder.loadTimeout;
        this.leaseTime = builder.leaseTime;
        this.ofValue = builder.options;
        this.tagsIf = builder.tagsIf;
        this.nearWeight = builder.nearWeight;
        this.nearByBytes = builder.nearByBytes;
        this.eagerness = builder.eagerness;
        this.longestSnapshot = builder.longestSnapshot;
        this.compressAbove = builder.compressAbove;
        this.largestValue = builder.largestValue;
        this.loadsWithoutRedis = builder.loadsWithoutRedis;
        this.listener = new QuietListener(builder.listener);
        this.executor = builder.executor;
    }

    /** Returns the name of the cache. */
    String name() {
        return keyspace.name();
    }

    /** Returns the TTL of {@code value}, unless its {@link EntryOptions} say otherwise. */
    Duration ttlOf(V value) {
        return ttlOfValue == null ? ttl : ttlOfValue.apply(value).orElse(ttl);
    }

    /** Returns the longest TTL of an entry in Redis. */
    Duration longestTtl() {
        return ttl.equals(Ttl.NO_EXPIRY) ? ttl : ttl.plus(staleFor);
    }

    /** Returns whether a look-up also reads the TTL of its key. */
    boolean needsTtl() {
        return !staleFor.isZero() || eagerness > 0;
    }
}
