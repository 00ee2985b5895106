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
 * Some keys of a bulk look-up, which are looked up together and loaded by one run of the loader.
 *
 * <p>What is ours is loaded and stored without waiting for anybody: the flights and leases that are taken for it are held for no
 * longer than this takes, however it ends. What others are loading is only noted.
 *
 * <pre>
 * lookUp ──> load ──> publish        each lease is renewed from when it is taken until it is settled
 *    └─────────┴───> giveUp          on any failure before publish, which settles every lease itself
 * </pre>
 */
final class BulkBlock<V> {

    /** So many keys are loaded by one run of the loader at most. */
    static final int MOST_KEYS = 10_000;

    // A block whose leases take longer to be taken is closed: to store the values takes about as long, and so does
    // renewing
    // the leases meanwhile, and all of that has to fit into the life of a lease.
    private static final long LONGEST_TAKING_NANOS = Leases.LIFE.toNanos() / 8;

    private final CacheParts<V> parts;
    private final SingleFlight<V> flights;
    private final SingleLookup<V> gets;
    private final BulkWindow window;
    private final List<BulkKey<V>> keys;
    private final BulkLoader<V> loader;
    private final @Nullable LoaderRun asker;
    private final List<BulkKey<V>> missing = new ArrayList<>();
    private boolean isRead;
    private boolean withoutRedis;
    private long clock = EntryWriter.NO_CLOCK;

    // Guarded by this. A lease that arrives after the end is given up at once.
    private final List<BulkKey<V>> led = new ArrayList<>();
    private final List<BulkKey<V>> leftOver = new ArrayList<>();
    private boolean over;
    private boolean anyLease;
    private long firstLeaseAt;

    /** @param asker the run of a loader in which the keys are asked for, or null */
    BulkBlock(
            CacheParts<V> parts,
            SingleFlight<V> flights,
            SingleLookup<V> gets,
            BulkWindow window,
            List<BulkKey<V>> keys,
            BulkLoader<V> loader,
            @Nullable LoaderRun asker) {
        this.parts = parts;
        this.flights = flights;
        this.gets = gets;
        this.window = window;
        this.keys = keys;
        this.loader = loader;
        this.asker = asker;
    }

    /** Notes that the keys have been read, with what was found in {@link BulkKey#arrived}, or that Redis could not be asked. */
    void wasRead(boolean couldBeAsked) {
        isRead = true;
        withoutRedis = !couldBeAsked;
    }

    /** Looks the keys up, and takes the leases on those that no one has. */
    CompletableFuture<Void> lookUp() {
        CompletableFuture<Void> reading = isRead || asksForEach(parts)
                ? CompletableFuture.completedFuture(null)
                : parts.lookup()
                        .arriveAll(keys.stream().map(each -> each.key).toList())
                        .thenAccept(this::arrived);
        return reading.thenCompose(read -> {
                    List<BulkKey<V>> asked = notAtOnce();
                    return window.forEach(asked.size(), number -> find(asked.get(number)));
                })
                .thenCompose(done -> judged());
    }

    /**
     * Returns whether each key has commands of its own, which travel together: what is to be kept in memory is read on the
     * connection that tells of changes, and MGET does not tell how long a value will live.
     */
    static boolean asksForEach(CacheParts<?> parts) {
        return parts.near() != null || parts.slot().asksForLife();
    }

    private void arrived(@Nullable List<@Nullable Object> all) {
        wasRead(all != null);
        for (int i = 0; all != null && i < all.size(); i++) {
            keys.get(i).arrived = all.get(i);
        }
    }

    /** Settles the keys for which that takes no more than what is there already; returns the others. */
    private List<BulkKey<V>> notAtOnce() {
        List<BulkKey<V>> asked = new ArrayList<>();
        for (BulkKey<V> each : keys) {
            Optional<V> there = atOnce(each);
            if (there == null) {
                asked.add(each);
            } else {
                each.settle(there);
            }
        }
        return asked;
    }

    private @Nullable Optional<V> atOnce(BulkKey<V> each) {
        if (asksForEach(parts)) {
            return gets.near(each.key);
        }
        LookupResult<V> found = parts.slot().atOnce(each.arrived);
        return found == null ? null : gets.served(each.redisKey, each.key, one(), found);
    }

    private CompletableFuture<Void> find(BulkKey<V> each) {
        if (!claim(each)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<LookupResult<V>> finding;
        if (withoutRedis) {
            finding = CompletableFuture.completedFuture(new LookupResult.WithoutRedis<>());
        } else if (asksForEach(parts)) {
            finding = parts.lookup().findNow(each.redisKey);
        } else {
            finding = parts.slot().judgeArrived(each.redisKey, each.takeArrived());
        }
        return finding.thenAccept(found -> found(each, found));
    }

    /** Takes the lead of the look-up of a key, or joins the one that is under way; returns whether it is ours. */
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
        LoaderRun.refuseItself(asker, other);
        parts.counters().joins.increment();
        each.joined = other;
        return false;
    }

    private synchronized List<BulkKey<V>> led() {
        return List.copyOf(led);
    }

    /** Returns the keys that have not been looked up, because that would have taken too long. */
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

    /** Sorts what was found into what is known, what others are loading, and what is ours to load. */
    private CompletableFuture<Void> judged() {
        if (isOver()) {
            return CompletableFuture.completedFuture(null);
        }
        for (BulkKey<V> each : led()) {
            LookupResult<V> found = requireNonNull(each.found, "found");
            Flight<V> flight = requireNonNull(each.led, "flight");
            Optional<V> there = gets.served(each.redisKey, each.key, one(), found);
            if (there != null) {
                each.settle(there);
                flights.complete(flight, there);
            } else if (found instanceof LookupResult.Stale<V> stale) {
                // Those who joined may be ready to wait for a fresh one.
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
                ? parts.stores().clock().thenAccept(now -> clock = now)
                : CompletableFuture.completedFuture(null);
    }

    /** Returns whether another process, which is loading this key, may go on to do so. */
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

    /** Runs the loader on this thread for all that is missing. */
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

    /** Stores what was loaded, where that may be, and hands it to those who wait. Goes on also if its caller does not wait. */
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
            storing = parts.stores()
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
     * Gives up what is held, because of {@code failure}; does nothing once {@link #publish} does that.
     *
     * @param interrupted whether only the caller is at an end, so that those who joined look up for themselves
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
