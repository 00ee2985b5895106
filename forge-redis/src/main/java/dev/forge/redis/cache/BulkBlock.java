package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.cache.SingleFlight.Flight;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.command.BulkWindow;
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
 * <p>The keys that this block leads are loaded and stored without waiting for other callers. Their flights and leases
 * are released when that ends, also on failure. Keys that others are loading are only noted.
 *
 * <pre>
 * lookUp ──> load ──> publish        each lease is renewed from when it is taken until it is settled
 *    └─────────┴───> giveUp          on any failure before publish, which settles every lease itself
 * </pre>
 */
final class BulkBlock<V> {

    /** The most keys that one run of the loader loads. */
    static final int MOST_KEYS = 10_000;

    // A block takes no more leases after this time. Storing the values takes about as long as taking the leases, and so
    // does each renewal meanwhile, and all of that has to fit into the TTL of a lease.
    private static final long LONGEST_TAKING_NANOS = Leases.TTL.toNanos() / 8;

    private final CacheParts<V> parts;
    private final SingleFlight<V> flights;
    private final SingleLookup<V> singleLookup;
    private final BulkWindow window;
    private final List<BulkKey<V>> keys;
    private final BulkLoader<V> loader;
    private final @Nullable LoaderRun callerRun;
    private final List<BulkKey<V>> missing = new ArrayList<>();
    private boolean isRead;
    private boolean withoutRedis;
    private long clock = EntryWriter.NO_CLOCK;

    // Guarded by this. A lease that is granted after the block is over is given up at once.
    private final List<BulkKey<V>> led = new ArrayList<>();
    private final List<BulkKey<V>> leftOver = new ArrayList<>();
    private boolean over;
    private boolean anyLease;
    private long firstLeaseAt;

    /** @param callerRun the loader run that asks for the keys, or null if no loader asks */
    BulkBlock(
            CacheParts<V> parts,
            SingleFlight<V> flights,
            SingleLookup<V> singleLookup,
            BulkWindow window,
            List<BulkKey<V>> keys,
            BulkLoader<V> loader,
            @Nullable LoaderRun callerRun) {
        this.parts = parts;
        this.flights = flights;
        this.singleLookup = singleLookup;
        this.window = window;
        this.keys = keys;
        this.loader = loader;
        this.callerRun = callerRun;
    }

    /** Marks the keys as read, with the results in {@link BulkKey#prefetched}, or Redis as unavailable. */
    void markRead(boolean redisAnswered) {
        isRead = true;
        withoutRedis = !redisAnswered;
    }

    /** Looks the keys up, and takes the leases on those that are missing and not being loaded. */
    CompletableFuture<Void> lookUp() {
        CompletableFuture<Void> reading = isRead || readsEachKey(parts)
                ? CompletableFuture.completedFuture(null)
                : parts.lookup()
                        .prefetchAll(keys.stream().map(each -> each.key).toList())
                        .thenAccept(this::setPrefetched);
        return reading.thenCompose(read -> {
                    List<BulkKey<V>> asked = settlePrefetched();
                    return window.forEach(asked.size(), number -> find(asked.get(number)));
                })
                .thenCompose(done -> classify());
    }

    /**
     * Returns whether each key is read with commands of its own, sent in one pipeline, instead of with MGET. A near
     * cache reads on the connection that receives invalidations, and MGET returns no TTL.
     */
    static boolean readsEachKey(CacheParts<?> parts) {
        return parts.near() != null || parts.store().needsTtl();
    }

    private void setPrefetched(@Nullable List<@Nullable Object> all) {
        markRead(all != null);
        for (int i = 0; all != null && i < all.size(); i++) {
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
        if (readsEachKey(parts)) {
            return singleLookup.near(each.key);
        }
        LookupResult<V> found = parts.store().fromPrefetched(each.prefetched);
        return found == null ? null : singleLookup.served(each.redisKey, each.key, one(), found);
    }

    private CompletableFuture<Void> find(BulkKey<V> each) {
        if (!claim(each)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<LookupResult<V>> finding;
        if (withoutRedis) {
            finding = CompletableFuture.completedFuture(new LookupResult.WithoutRedis<>());
        } else if (readsEachKey(parts)) {
            finding = parts.lookup().findNow(each.redisKey);
        } else {
            finding = parts.store().resolvePrefetched(each.redisKey, each.takePrefetched());
        }
        return finding.thenAccept(found -> found(each, found));
    }

    /** Leads the look-up of a key, or joins the one that is running; returns whether this block leads it. */
    private synchronized boolean claim(BulkKey<V> each) {
        each.found = null;
        each.joined = null;
        if (over) {
            return false;
        }
        if (anyLease && System.nanoTime() - firstLeaseAt > LONGEST_TAKING_NANOS) {
            leftOver.add(each);
            return false;
        }
        Flight<V> mine = new Flight<>(each.redisKey);
        Flight<V> other = flights.joinOrStart(each.redisKey, mine);
        if (other == null) {
            each.led = mine;
            led.add(each);
            return true;
        }
        LoaderRun.rejectSelfWait(callerRun, other);
        parts.counters().joins.increment();
        each.joined = other;
        return false;
    }

    private synchronized List<BulkKey<V>> led() {
        return List.copyOf(led);
    }

    /** Returns the keys that were not looked up, because taking leases took too long. */
    synchronized List<BulkKey<V>> leftOver() {
        return List.copyOf(leftOver);
    }

    private synchronized boolean isOver() {
        return over;
    }

    private void found(BulkKey<V> each, LookupResult<V> found) {
        byte[] token = Lookup.token(found);
        Leases.Held held = token == null ? null : parts.lookup().leases().keep(each.redisKey, token);
        boolean late;
        synchronized (this) {
            late = over;
            each.found = found;
            each.held = held;
            if (held != null && !anyLease) {
                anyLease = true;
                firstLeaseAt = System.nanoTime();
            }
        }
        if (late && held != null) {
            var unused = parts.lookup().leases().giveUp(held);
        }
    }

    /** Sorts the keys into those with a value, those that others are loading, and those to load here. */
    private CompletableFuture<Void> classify() {
        if (isOver()) {
            return CompletableFuture.completedFuture(null);
        }
        for (BulkKey<V> each : led()) {
            LookupResult<V> found = requireNonNull(each.found, "found");
            Flight<V> flight = requireNonNull(each.led, "flight");
            Optional<V> there = singleLookup.served(each.redisKey, each.key, one(), found);
            if (there != null) {
                each.settle(there);
                flights.complete(flight, there);
            } else if (found instanceof LookupResult.Stale<V> stale) {
                // Callers that joined may prefer to wait for a fresh value.
                flights.abandon(flight);
                each.settle(parts.refreshes().staleNow(stale.value(), each.redisKey, each.key, one()));
            } else if (found instanceof LookupResult.Busy<V> busy && isWaitedFor(each)) {
                flights.leave(flight, busy.leftMillis());
            } else {
                missing.add(each);
                withoutRedis |= found instanceof LookupResult.WithoutRedis<V>;
            }
        }
        return missing.stream().anyMatch(each -> each.held != null)
                ? parts.writer().clock().thenAccept(now -> clock = now)
                : CompletableFuture.completedFuture(null);
    }

    /** Returns whether to keep waiting for the other process that is loading this key. */
    private boolean isWaitedFor(BulkKey<V> each) {
        if (each.waits == 0) {
            parts.counters().waits.increment();
        }
        return each.busyForNanos() <= parts.lookup().longestWait().toNanos();
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
            wanted.add(each.key);
            loading.add(requireNonNull(each.led, "flight"));
        }
        parts.counters().misses.add(wanted.size());
        BulkLoader<V> known = asked -> LoaderRun.running(loading, () -> loader.load(asked));
        Loads loads = parts.lookup().loads();
        return withoutRedis ? loads.allWithoutRedis(wanted, known) : loads.all(wanted, known);
    }

    /**
     * Stores the loaded values for which there is a lease, and completes the look-ups that others joined. Completes
     * also if its caller stops waiting.
     */
    CompletableFuture<Void> publish(Loaded<Map<String, V>> loaded) {
        synchronized (this) {
            over = true;
        }
        return window.forEach(missing.size(), number -> publish(missing.get(number), loaded));
    }

    private CompletableFuture<Optional<V>> publish(BulkKey<V> each, Loaded<Map<String, V>> loaded) {
        Leases.Held held = each.held;
        Flight<V> flight = requireNonNull(each.led, "flight");
        Optional<V> value = Optional.ofNullable(loaded.value().get(each.key));
        each.settle(value);
        CompletableFuture<Optional<V>> storing;
        try {
            storing = parts.writer()
                    .store(
                            each.redisKey,
                            each.key,
                            held == null ? null : held.token(),
                            clock,
                            new Loaded<>(value, loaded.time()));
        } catch (Throwable failure) {
            storing = CompletableFuture.failedFuture(failure);
        }
        return storing.whenComplete((stored, failure) -> {
            if (failure == null) {
                if (held != null) {
                    parts.lookup().leases().end(held);
                }
                flights.complete(flight, value);
            } else {
                if (held != null) {
                    var unused = parts.lookup().leases().giveUp(held);
                }
                flights.fail(flight, Lookup.unwrapped(failure));
            }
        });
    }

    /**
     * Gives up all leases and flights because of {@code failure}; does nothing once {@link #publish} has begun.
     *
     * @param interrupted whether only the caller was interrupted, so that callers that joined look up for themselves
     */
    void giveUp(Throwable failure, boolean interrupted) {
        List<Leases.Held> leases = new ArrayList<>();
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            led.forEach(each -> {
                if (each.held != null) {
                    leases.add(each.held);
                }
            });
        }
        var unused =
                window.forEach(leases.size(), number -> parts.lookup().leases().giveUp(leases.get(number)));
        for (BulkKey<V> each : led()) {
            Flight<V> flight = requireNonNull(each.led, "flight");
            if (interrupted) {
                flights.abandon(flight);
            } else {
                flights.fail(flight, failure);
            }
        }
    }

    private Loader<V> one() {
        return parts.lookup().loads().single(loader);
    }
}
