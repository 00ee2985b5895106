package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.flight.LoaderRun;
import dev.forge.redis.internal.cache.flight.SingleFlight.Flight;
import dev.forge.redis.internal.thread.Futures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a block of a bulk look-up leads: their flights, which other callers join, and their leases.
 *
 * <p>They are released once, by {@link #publish} with the loaded values or by {@link #giveUp}. A lease that is granted
 * after that is given up at once.
 *
 * <p>Thread-safe.
 */
final class BulkClaims<V> {

    // A block takes no more leases after this time. Storing the values takes about as long as taking the leases, and so
    // does each renewal meanwhile, and all of that has to fit into the TTL of a lease.
    private static final long LONGEST_TAKING_NANOS = Leases.TTL.toNanos() / 8;

    private final CacheParts<V> parts;
    private final @Nullable LoaderRun callerRun;

    // Guarded by this.
    private final List<BulkKey<V>> led = new ArrayList<>();
    private final List<BulkKey<V>> leftOver = new ArrayList<>();
    private boolean over;
    private boolean anyLease;
    private long firstLeaseAt;

    /** @param callerRun the loader run that asks for the keys, or null if no loader asks */
    BulkClaims(CacheParts<V> parts, @Nullable LoaderRun callerRun) {
        this.parts = parts;
        this.callerRun = callerRun;
    }

    /** Leads the look-up of a key, or joins the one that is running; returns whether this block leads it. */
    synchronized boolean claim(BulkKey<V> each) {
        each.found = null;
        each.joined = null;
        if (over) {
            return false;
        }
        if (anyLease && System.nanoTime() - firstLeaseAt > LONGEST_TAKING_NANOS) {
            leftOver.add(each);
            return false;
        }
        Flight<V> mine = new Flight<>(each.key.inRedis());
        Flight<V> other = parts.flights.joinOrStart(mine);
        if (other == null) {
            each.led = mine;
            led.add(each);
            return true;
        }
        LoaderRun.rejectSelfWait(callerRun, other);
        parts.counters.joins.increment();
        each.joined = other;
        if (each.firstJoined == null) {
            each.firstJoined = other;
        }
        return false;
    }

    /** Sets the result of the look-up of a key that is led here, and begins to renew its lease, if there is one. */
    void found(BulkKey<V> each, LookupResult<V> found) {
        byte[] token = found.token();
        Leases.Held held = token == null ? null : parts.leases.keep(each.key, token);
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
            var unused = parts.leases.giveUp(held);
        }
    }

    synchronized List<BulkKey<V>> led() {
        return List.copyOf(led);
    }

    /** Returns the keys that were not looked up, because taking leases took too long. */
    synchronized List<BulkKey<V>> leftOver() {
        return List.copyOf(leftOver);
    }

    synchronized boolean isOver() {
        return over;
    }

    /**
     * Stores the loaded values of {@code missing} for which there is a lease, and completes their flights. Completes
     * even if its caller stops waiting.
     *
     * @param clock the tag clock from before the load
     */
    CompletableFuture<Void> publish(List<BulkKey<V>> missing, Loaded<Map<String, V>> loaded, long clock) {
        synchronized (this) {
            over = true;
        }
        return parts.window.forEach(missing.size(), number -> publish(missing.get(number), loaded, clock));
    }

    private CompletableFuture<Optional<V>> publish(BulkKey<V> each, Loaded<Map<String, V>> loaded, long clock) {
        Leases.Held held = each.held;
        Flight<V> flight = requireNonNull(each.led, "flight");
        Optional<V> value = Optional.ofNullable(loaded.value().get(each.key.given()));
        each.settle(value);
        CompletableFuture<Optional<V>> storing;
        try {
            byte[] token = held == null ? null : held.token();
            storing = parts.writer.store(each.key, token, clock, new Loaded<>(value, loaded.time()));
        } catch (Throwable failure) {
            storing = CompletableFuture.failedFuture(failure);
        }
        return storing.whenComplete((stored, failure) -> {
            if (failure == null) {
                if (held != null) {
                    parts.leases.end(held);
                }
                parts.flights.complete(flight, value);
            } else {
                if (held != null) {
                    var unused = parts.leases.giveUp(held);
                }
                parts.flights.fail(flight, Futures.unwrapped(failure));
            }
        });
    }

    /**
     * Gives up all leases and flights because of {@code failure}; does nothing once {@link #publish} has begun.
     *
     * @param interrupted whether only the caller was interrupted, so that callers that joined look up for themselves
     */
    void giveUp(Throwable failure, boolean interrupted) {
        List<Leases.Held> held = new ArrayList<>();
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            led.forEach(each -> {
                if (each.held != null) {
                    held.add(each.held);
                }
            });
        }
        var unused = parts.window.forEach(held.size(), number -> parts.leases.giveUp(held.get(number)));
        for (BulkKey<V> each : led()) {
            Flight<V> flight = requireNonNull(each.led, "flight");
            if (interrupted) {
                parts.flights.abandon(flight);
            } else {
                parts.flights.fail(flight, failure);
            }
        }
    }
}
