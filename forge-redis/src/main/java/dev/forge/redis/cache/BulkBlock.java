package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.flight.LoaderRun;
import dev.forge.redis.internal.cache.flight.SingleFlight.Flight;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A block of keys of a bulk look-up, which are looked up together and loaded by one run of the loader.
 *
 * <p>The keys that this block leads, its {@link BulkClaims}, are loaded and stored without waiting for other callers.
 * Their flights and leases are released when that ends, even on failure. Keys that others are loading are only noted.
 *
 * <pre>
 * lookUp ──> load ──> publish        each lease is renewed from when it is taken until it is settled
 *    └─────────┴───> giveUp          on any failure before publish, which settles every lease itself
 * </pre>
 */
final class BulkBlock<V> {

    /** The most keys that one run of the loader loads. */
    static final int MOST_KEYS = 10_000;

    private final CacheParts<V> parts;
    private final List<BulkKey<V>> keys;
    private final BulkLoader<V> loader;
    private final boolean isRead;
    private final BulkClaims<V> claims;
    private final List<BulkKey<V>> missing = new ArrayList<>();
    private boolean isUnshared;
    private long clock = EntryWriter.NO_CLOCK;

    /**
     * @param isRead whether the keys have been read, with the results in {@link BulkKey#prefetched}
     * @param callerRun the loader run that asks for the keys, or null if no loader asks
     */
    BulkBlock(
            CacheParts<V> parts,
            List<BulkKey<V>> keys,
            BulkLoader<V> loader,
            boolean isRead,
            @Nullable LoaderRun callerRun) {
        this.parts = parts;
        this.keys = keys;
        this.loader = loader;
        this.isRead = isRead;
        this.claims = new BulkClaims<>(parts, callerRun);
    }

    /** Looks the keys up, and takes the leases on those that are missing and not being loaded. */
    CompletableFuture<Void> lookUp() {
        CompletableFuture<Void> reading = isRead || parts.store.readsEachKey()
                ? CompletableFuture.completedFuture(null)
                : parts.lookup
                        .prefetchAll(keys.stream().map(each -> each.key.given()).toList())
                        .thenAccept(this::setPrefetched);
        return reading.thenCompose(read -> {
                    List<BulkKey<V>> asked = settlePrefetched();
                    return parts.window.forEach(asked.size(), number -> find(asked.get(number)));
                })
                .thenCompose(done -> classify());
    }

    private void setPrefetched(List<@Nullable Object> all) {
        for (int i = 0; i < all.size(); i++) {
            keys.get(i).prefetched = all.get(i);
        }
    }

    /** Settles the keys whose prefetched data is enough for that; returns the others. */
    private List<BulkKey<V>> settlePrefetched() {
        List<BulkKey<V>> asked = new ArrayList<>();
        for (BulkKey<V> each : keys) {
            Optional<V> there = valueAtOnce(each);
            if (there == null) {
                asked.add(each);
            } else {
                each.settle(there);
            }
        }
        return asked;
    }

    private @Nullable Optional<V> valueAtOnce(BulkKey<V> each) {
        if (parts.store.readsEachKey()) {
            return parts.lookup.inMemory(each.key.given());
        }
        LookupResult<V> found = parts.store.fromPrefetched(each.prefetched);
        return found == null ? null : parts.refreshes.fresh(each.key, one(), found);
    }

    private CompletableFuture<Void> find(BulkKey<V> each) {
        if (!claims.claim(each)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<LookupResult<V>> finding;
        if (parts.store.readsEachKey()) {
            finding = parts.lookup.findOfMany(each.key);
        } else {
            finding = parts.store.resolvePrefetched(each.key, each.takePrefetched());
        }
        return finding.thenAccept(found -> claims.found(each, found));
    }

    /** Sorts the keys into those with a value, those that others are loading, and those to load here. */
    private CompletableFuture<Void> classify() {
        if (claims.isOver()) {
            return CompletableFuture.completedFuture(null);
        }
        List<CacheKey> staleKeys = new ArrayList<>();
        for (BulkKey<V> each : claims.led()) {
            LookupResult<V> found = requireNonNull(each.found, "found");
            Flight<V> flight = requireNonNull(each.led, "flight");
            Optional<V> there = parts.refreshes.fresh(each.key, one(), found);
            if (there != null) {
                each.settle(there);
                parts.flights.complete(flight, there);
            } else if (found instanceof LookupResult.Stale<V> stale) {
                // Callers that joined may prefer to wait for a fresh value.
                parts.flights.abandon(flight);
                each.settle(parts.refreshes.served(stale.value(), each.key));
                staleKeys.add(each.key);
            } else if (found instanceof LookupResult.Busy<V> busy && isWaitedFor(each)) {
                parts.flights.abandon(flight, busy.leftMillis());
            } else {
                missing.add(each);
                isUnshared |= found.isUnshared();
                if (found instanceof LookupResult.Fenced<V>) {
                    // Callers that joined look again.
                    flight.doubt();
                }
            }
        }
        parts.refreshes.refreshAll(staleKeys, () -> new BulkRefresh<>(parts, loader));
        return missing.stream().anyMatch(each -> each.held != null)
                ? parts.writer.clock().thenAccept(now -> clock = now)
                : CompletableFuture.completedFuture(null);
    }

    /** Returns whether to keep waiting for the other process that is loading this key. */
    private boolean isWaitedFor(BulkKey<V> each) {
        if (each.waits == 0) {
            parts.counters.waits.increment();
        }
        return each.busyForNanos() <= parts.options.leaseTime.toNanos();
    }

    /** Returns the keys that were not looked up, because taking leases took too long. */
    List<BulkKey<V>> leftOver() {
        return claims.leftOver();
    }

    /** Returns whether there is anything to load. */
    boolean isMissingAny() {
        return !missing.isEmpty();
    }

    /** Runs the loader on this thread for all missing keys. */
    Loaded<Map<String, V>> load() {
        Set<String> wanted = new LinkedHashSet<>();
        List<Flight<V>> loading = new ArrayList<>();
        for (BulkKey<V> each : missing) {
            wanted.add(each.key.given());
            loading.add(requireNonNull(each.led, "flight"));
        }
        parts.counters.misses.add(wanted.size());
        BulkLoader<V> known = asked -> LoaderRun.running(loading, () -> loader.load(asked));
        return isUnshared ? parts.loads.allUnshared(wanted, known) : parts.loads.all(wanted, known);
    }

    /** Stores the loaded values for which there is a lease, and completes the look-ups that others joined. */
    CompletableFuture<Void> publish(Loaded<Map<String, V>> loaded) {
        return claims.publish(missing, loaded, clock);
    }

    /** Gives up all leases and flights: see {@link BulkClaims#giveUp}. */
    void giveUp(Throwable failure, boolean interrupted) {
        claims.giveUp(failure, interrupted);
    }

    private Loader<V> one() {
        return parts.loads.single(loader);
    }
}
