package dev.forge.redis.cache;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.EntryCodec;
import dev.forge.redis.internal.cache.InvalidationGuard;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.Near;
import dev.forge.redis.internal.cache.NearCache;
import dev.forge.redis.internal.cache.Outages;
import dev.forge.redis.internal.cache.PendingInvalidations;
import dev.forge.redis.internal.cache.RedisStore;
import dev.forge.redis.internal.cache.StoreCheck;
import dev.forge.redis.internal.cache.Tags;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The parts of a cache, assembled from the options of its builder. */
record CacheParts<V>(
        Counters counters,
        RedisStore<V> store,
        Tags tags,
        EntryWriter<V> writer,
        PendingInvalidations pending,
        InvalidationGuard guard,
        Lookup<V> lookup,
        Refreshes<V> refreshes,
        Explainer<V> explainer,
        @Nullable Near<V> near,
        boolean loadsOnCaller) {

    // The room for what an entry contains besides its value.
    private static final int HEADER_BYTES = 4 * 1024;

    static <V> CacheParts<V> of(CacheBuilder<V> builder) {
        RedisCore redis = builder.redis;
        Keyspace keyspace = builder.keyspace;
        String name = keyspace.name();
        Counters counters = new Counters();
        CacheListener listener = new QuietListener(builder.listener);
        Outages outages = new Outages(name, counters);
        EntryCodec<V> values = new EntryCodec<>(
                name,
                builder.codec,
                builder.compressAbove,
                largestValue(builder),
                new StoreCheck<>(name, builder.codec, counters.unstorable));
        Tags tags = new Tags(redis, keyspace, longestTtl(builder));
        boolean needsTtl = !builder.staleFor.isZero() || builder.eagerness > 0;
        Duration lease = Leases.first(builder.leaseTime);
        PendingInvalidations pending =
                new PendingInvalidations(redis::delete, () -> redis.clearNamespace(keyspace), redis.scheduler());
        Near<V> near = builder.nearWeight == 0
                ? null
                : new Near<>(
                        keyspace,
                        new NearCache<>(
                                redis,
                                keyspace,
                                builder.nearWeight,
                                NearCache.MAX_AGE,
                                key -> pending.size() > 0 && pending.concerns(keyspace.key(key))),
                        builder.nearByBytes,
                        builder.eagerness);
        RedisStore<V> store = new RedisStore<>(
                redis, keyspace, values, tags, outages, counters, builder.staleFor, needsTtl, lease, near);
        EntryWriter<V> writer = new EntryWriter<>(
                store,
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
                store,
                loads,
                writer,
                new Leases(store, redis.bulkWindow(), builder.leaseTime, redis.scheduler()),
                pending,
                new LeaseWait(redis),
                counters,
                builder.executor,
                builder.leaseTime,
                builder.loadTimeout,
                redis.scheduler());
        Refreshes<V> refreshes = new Refreshes<>(
                store,
                lookup,
                counters,
                listener,
                builder.staleFor,
                builder.softTimeout,
                builder.eagerness,
                redis.scheduler());
        Explainer<V> explainer = new Explainer<>(redis, values, tags, pending, outages, builder.staleFor);
        return new CacheParts<>(
                counters,
                store,
                tags,
                writer,
                pending,
                new InvalidationGuard(pending),
                lookup,
                refreshes,
                explainer,
                near,
                builder.loadTimeout == null);
    }

    private static Duration longestTtl(CacheBuilder<?> builder) {
        return builder.ttl.equals(Ttl.NO_EXPIRY) ? builder.ttl : builder.ttl.plus(builder.staleFor);
    }

    private static int largestValue(CacheBuilder<?> builder) {
        return (int) Math.min(builder.largestValue, builder.redis.settings().maxValueBytes() - HEADER_BYTES);
    }
}
