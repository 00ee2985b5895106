package dev.forge.redis.cache;

import dev.forge.redis.cache.observe.CacheStats;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.ChangeMarks;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.EntryCodec;
import dev.forge.redis.internal.cache.EntryReader;
import dev.forge.redis.internal.cache.Explainer;
import dev.forge.redis.internal.cache.FenceStore;
import dev.forge.redis.internal.cache.Fences;
import dev.forge.redis.internal.cache.InvalidationGuard;
import dev.forge.redis.internal.cache.LeaseStore;
import dev.forge.redis.internal.cache.LeaseWait;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.NearCache;
import dev.forge.redis.internal.cache.Outages;
import dev.forge.redis.internal.cache.PendingInvalidations;
import dev.forge.redis.internal.cache.RedisStore;
import dev.forge.redis.internal.cache.StoreCheck;
import dev.forge.redis.internal.cache.Tags;
import dev.forge.redis.internal.cache.flight.SingleFlight;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.internal.thread.Scheduler;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The parts of a cache, made from its options. */
final class CacheParts<V> {

    // The room for what an entry contains besides its value.
    private static final int HEADER_BYTES = 4 * 1024;

    final CacheOptions<V> options;
    final Scheduler scheduler;
    final Lookup.Awaiting awaiting;
    final Counters counters = new Counters();
    final SingleFlight<V> flights;
    final BulkWindow window;
    final ChangeMarks marks;
    final FenceStore fenceStore;
    final Fences fences;
    final PendingInvalidations pending;
    final InvalidationGuard guard;
    final Tags tags;
    final @Nullable NearCache<V> near;
    final RedisStore<V> store;
    final Leases leases;
    final EntryWriter<V> writer;
    final Loads loads;
    final LeasedLoads<V> leasedLoads;
    final LeaseWait waiting;
    final Lookup<V> lookup;
    final Refreshes<V> refreshes;
    final Explainer<V> explainer;

    CacheParts(RedisCore redis, CacheOptions<V> options, Lookup.Awaiting awaiting) {
        this.options = options;
        this.scheduler = redis.scheduler();
        this.awaiting = awaiting;
        this.flights = new SingleFlight<>(options.leaseTime, scheduler::after);
        this.window = redis.bulkWindow();
        this.marks = new ChangeMarks(redis, options.keyspace, options.longestSnapshot);
        this.fenceStore = new FenceStore(redis);
        this.fences = new Fences(fenceStore, window, scheduler);
        this.pending = new PendingInvalidations(
                redisKeys -> marks.before(redisKeys, () -> fenceStore.drop(redisKeys)),
                redis.isCluster() ? 1 : PendingInvalidations.AT_ONCE,
                () -> marks.beforeAny(() -> redis.clearNamespace(options.keyspace)),
                scheduler);
        this.guard = new InvalidationGuard(pending);
        this.tags = new Tags(redis, options.keyspace, options.longestTtl());
        this.near = options.nearWeight == 0
                ? null
                : new NearCache<>(
                        redis,
                        options.keyspace,
                        options.nearWeight,
                        options.nearByBytes,
                        options.eagerness,
                        key -> pending.concerns(key.inRedis()));
        EntryCodec<V> values = codec(redis, options, counters);
        Outages outages = new Outages(options.name(), counters);
        LeaseStore leaseStore = new LeaseStore(redis, Leases.first(options.leaseTime), outages, this::doubt);
        this.store = new RedisStore<>(
                redis,
                options.keyspace,
                new EntryReader<>(values, tags, counters, options.staleFor),
                leaseStore,
                outages,
                options.needsTtl(),
                near);
        this.leases = new Leases(leaseStore, window, options.leaseTime, scheduler);
        this.writer = new EntryWriter<>(options, leaseStore, values, tags, counters);
        this.loads = new Loads(options, counters, redis.observers());
        this.leasedLoads = new LeasedLoads<>(options, loads, leases, writer, counters, scheduler, awaiting);
        this.waiting = new LeaseWait(redis);
        this.lookup = new Lookup<>(options.keyspace, near, store, pending, waiting, counters, awaiting);
        this.refreshes = new Refreshes<>(options, store, leaseStore, lookup, leasedLoads, counters, scheduler);
        this.explainer = new Explainer<>(redis, values, tags, pending, outages, options.staleFor);
    }

    /** Called when {@code key} has changed since a load began: callers that joined later must not get the old value. */
    private void doubt(CacheKey key) {
        flights.doubt(key.inRedis());
        refreshes.doubt(key.inRedis());
    }

    private static <V> EntryCodec<V> codec(RedisCore redis, CacheOptions<V> options, Counters counters) {
        int largest = (int) Math.min(options.largestValue, redis.settings().maxValueBytes() - HEADER_BYTES);
        StoreCheck<V> check = new StoreCheck<>(options.name(), options.codec, counters.unstorable);
        return new EntryCodec<>(options.name(), options.codec, options.compressAbove, largest, check);
    }

    /** Returns the key {@code given} by a caller. */
    CacheKey key(String given) {
        return CacheKey.of(options.keyspace, given);
    }

    CacheStats stats() {
        long bypasses = near == null ? 0 : near.bypasses();
        int nearSize = near == null ? 0 : near.size();
        return counters.stats(bypasses, pending.size(), nearSize);
    }

    /** Implements {@link Cache#explainAsync}. */
    CompletableFuture<Explanation> explained(String given) {
        CacheKey key = key(given);
        boolean isNear = near != null && near.get(given) != null;
        boolean isLoading = flights.current(key.inRedis()) != null;
        return explainer.explain(key, isNear, isLoading);
    }
}
