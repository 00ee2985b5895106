package dev.forge.redis.cache;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.cache.Changing;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.Near;
import dev.forge.redis.internal.cache.NearCache;
import dev.forge.redis.internal.cache.Outages;
import dev.forge.redis.internal.cache.Slot;
import dev.forge.redis.internal.cache.StoreCheck;
import dev.forge.redis.internal.cache.Tags;
import dev.forge.redis.internal.cache.Unsent;
import dev.forge.redis.internal.cache.Values;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a cache is made of, put together as its builder says. */
record CacheParts<V>(
        Counters counters,
        Slot<V> slot,
        Tags tags,
        Stores<V> stores,
        Unsent unsent,
        Changing changing,
        Lookup<V> lookup,
        Refreshes<V> refreshes,
        Explainer<V> explainer,
        @Nullable Near<V> near,
        boolean loadsOnCaller) {

    // What an entry has besides its value.
    private static final int HEADER_BYTES = 4 * 1024;

    static <V> CacheParts<V> of(CacheBuilder<V> builder) {
        RedisCore redis = builder.redis;
        Keyspace keyspace = builder.keyspace;
        String name = keyspace.name();
        Counters counters = new Counters();
        CacheListener listener = new QuietListener(builder.listener);
        Outages outages = new Outages(name, counters);
        Values<V> values = new Values<>(
                name,
                builder.codec,
                builder.compressAbove,
                largestValue(builder),
                new StoreCheck<>(name, builder.codec, counters.unstorable));
        Tags tags = new Tags(redis, keyspace, longestLife(builder));
        boolean asksForLife = !builder.staleFor.isZero() || builder.eagerness > 0;
        Duration lease = Leases.first(builder.leaseTime);
        Unsent unsent = new Unsent(redis::delete, () -> redis.clearNamespace(keyspace), redis.scheduler());
        Near<V> near = builder.nearWeight == 0
                ? null
                : new Near<>(
                        keyspace,
                        new NearCache<>(
                                redis,
                                keyspace,
                                builder.nearWeight,
                                NearCache.MAX_LIFE,
                                key -> unsent.size() > 0 && unsent.concerns(keyspace.key(key))),
                        builder.nearByBytes,
                        builder.eagerness);
        Slot<V> slot = new Slot<>(
                redis, keyspace, values, tags, outages, counters, builder.staleFor, asksForLife, lease, near);
        Stores<V> stores = new Stores<>(
                slot,
                values,
                tags,
                counters,
                listener,
                builder.ttl,
                builder.staleFor,
                builder.absenceTtl,
                builder.ttlJitter,
                builder.options);
        Loads loads = new Loads(name, counters, listener, builder.loadsWithoutRedis, builder.leaseTime);
        Lookup<V> lookup = new Lookup<>(
                name,
                slot,
                loads,
                stores,
                new Leases(slot, redis.bulkWindow(), builder.leaseTime, redis.scheduler()),
                unsent,
                new Waiting(redis),
                counters,
                builder.executor,
                builder.leaseTime,
                builder.loadTimeout,
                redis.scheduler());
        Refreshes<V> refreshes = new Refreshes<>(
                slot,
                lookup,
                counters,
                listener,
                builder.staleFor,
                builder.softTimeout,
                builder.eagerness,
                redis.scheduler());
        Explainer<V> explainer = new Explainer<>(redis, values, tags, unsent, outages, builder.staleFor);
        return new CacheParts<>(
                counters,
                slot,
                tags,
                stores,
                unsent,
                new Changing(unsent),
                lookup,
                refreshes,
                explainer,
                near,
                builder.loadTimeout == null);
    }

    private static Duration longestLife(CacheBuilder<?> builder) {
        return builder.ttl.equals(Ttl.NO_EXPIRY) ? builder.ttl : builder.ttl.plus(builder.staleFor);
    }

    private static int largestValue(CacheBuilder<?> builder) {
        return (int) Math.min(builder.largestValue, builder.redis.settings().maxValueBytes() - HEADER_BYTES);
    }
}
