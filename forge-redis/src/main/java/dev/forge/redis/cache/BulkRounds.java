package dev.forge.redis.cache;

import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.flight.LoaderRun;
import dev.forge.redis.internal.cache.flight.SingleFlight.Abandoned;
import dev.forge.redis.internal.cache.flight.SingleFlight.Flight;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One bulk look-up, which runs in rounds until each key has a value or is known to have none.
 *
 * <p>Each round first loads the keys that this look-up leads, block by block, and only then waits for the loads of
 * others. A caller that waits holds no lease and leads no look-up, unless its load is running. So overlapping bulk
 * look-ups cannot deadlock, whatever the order of their keys. Another round is needed for keys that others failed to
 * load, or loaded in another process.
 */
final class BulkRounds<V> {

    // When these have changed, most other keys have as well. Watching a key costs two commands; reading all keys again
    // costs a few in total.
    private static final int MOST_WATCHED = 64;

    private final CacheParts<V> parts;
    private final BulkLoader<V> loader;
    private final @Nullable LoaderRun callerRun;
    private final List<BulkKey<V>> keys;
    private boolean isRead;
    private final Deque<BulkKey<V>> round;
    private @Nullable BulkBlock<V> latest;

    /**
     * @param prefetched what {@link dev.forge.redis.internal.cache.RedisStore#prefetchAll} returned for {@code wanted},
     *     or null if each key is read by itself
     * @param callerRun the loader run that asks for the keys, or null if no loader asks
     */
    BulkRounds(
            CacheParts<V> parts,
            BulkLoader<V> loader,
            List<String> wanted,
            @Nullable List<@Nullable Object> prefetched,
            @Nullable LoaderRun callerRun) {
        this.parts = parts;
        this.loader = loader;
        this.callerRun = callerRun;
        this.isRead = !parts.store.readsEachKey();
        Map<String, BulkKey<V>> distinct = new LinkedHashMap<>(wanted.size() * 4 / 3 + 1);
        for (int i = 0; i < wanted.size(); i++) {
            String key = wanted.get(i);
            distinct.put(key, new BulkKey<>(parts.key(key), prefetched == null ? null : prefetched.get(i)));
        }
        this.keys = List.copyOf(distinct.values());
        this.round = new ArrayDeque<>(keys);
    }

    /** Returns the next block of this round, or null if the round is over. The previous block must have ended. */
    @Nullable
    BulkBlock<V> nextBlock() {
        if (latest != null) {
            round.addAll(latest.leftOver());
            latest = null;
        }
        List<BulkKey<V>> some = new ArrayList<>();
        while (!round.isEmpty() && some.size() < BulkBlock.MOST_KEYS) {
            some.add(round.remove());
        }
        if (some.isEmpty()) {
            return null;
        }
        latest = new BulkBlock<>(parts, some, loader, isRead, callerRun);
        return latest;
    }

    /** Returns whether every key is settled. */
    boolean isDone() {
        return keys.stream().allMatch(BulkKey::isSettled);
    }

    /** Returns the look-ups of other callers in this process that this one waits for. */
    List<Flight<V>> joined() {
        List<Flight<V>> joined = new ArrayList<>();
        for (BulkKey<V> each : keys) {
            if (!each.isSettled() && each.joined != null) {
                joined.add(each.joined);
            }
        }
        return joined;
    }

    /**
     * Completes when it is time for the next round: others have loaded all awaited keys, or one of them failed to.
     */
    CompletableFuture<Void> nextRound() {
        List<BulkKey<V>> waiting =
                keys.stream().filter(each -> !each.isSettled()).toList();
        CompletableFuture<Void> next = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(waiting.size());
        AtomicInteger watched = new AtomicInteger();
        for (BulkKey<V> each : waiting) {
            waitFor(each, watched).whenComplete((ended, failure) -> {
                if (failure != null || left.decrementAndGet() == 0) {
                    next.complete(null);
                }
            });
        }
        if (waiting.isEmpty()) {
            // The last key was settled just now.
            next.complete(null);
        }
        return next.thenRun(() -> {
            isRead = false;
            keys.stream().filter(each -> !each.isSettled()).forEach(round::add);
        });
    }

    private CompletableFuture<Void> waitFor(BulkKey<V> each, AtomicInteger watched) {
        Flight<V> other = each.joined;
        if (other == null) {
            return awaitOtherProcess(
                    each, each.found instanceof LookupResult.Busy<V> busy ? busy.leftMillis() : 0, watched);
        }
        return other.thenAccept(value -> joinedValue(each, other, value)).exceptionallyCompose(failure -> {
            long left = Abandoned.leftMillis(failure);
            return left > 0 ? awaitOtherProcess(each, left, watched) : CompletableFuture.failedFuture(failure);
        });
    }

    private static <V> void joinedValue(BulkKey<V> each, Flight<V> other, Optional<V> value) {
        // A round may end while others still load, so that a key joins the same look-up again.
        if (!other.isDoubtful() || !other.equals(each.firstJoined)) {
            each.settle(value);
        }
    }

    /** Waits for another process to change the key, unless enough keys are watched already. */
    private CompletableFuture<Void> awaitOtherProcess(BulkKey<V> each, long leftMillis, AtomicInteger watched) {
        return watched.incrementAndGet() > MOST_WATCHED
                ? CompletableFuture.completedFuture(null)
                : parts.waiting.change(each.key, leftMillis, each.waits);
    }

    /** Returns the values of the keys that have one, in the order of the keys. */
    Map<String, V> values() {
        Map<String, V> values = new LinkedHashMap<>(keys.size() * 4 / 3 + 1);
        for (BulkKey<V> each : keys) {
            each.value().ifPresent(value -> values.put(each.key.given(), value));
        }
        return values;
    }
}
