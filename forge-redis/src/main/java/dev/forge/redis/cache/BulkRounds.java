package dev.forge.redis.cache;

import dev.forge.redis.cache.SingleFlight.Abandoned;
import dev.forge.redis.cache.SingleFlight.Flight;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.key.Keyspace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One bulk look-up: it goes round until each key has its value, or is known to have none.
 *
 * <p>In each round all that is ours is loaded, block by block, and only then is waited for what others are loading. Since no one
 * waits who holds a lease or a look-up without a load running, bulks that overlap cannot wait for one another, whatever the
 * order of their keys. Another round is needed where others failed, died, or published from another process.
 */
final class BulkRounds<V> {

    // Where these have changed, most of the others have as well: each costs two commands, and all are read again in a
    // few.
    private static final int MOST_WATCHED = 64;

    private final CacheParts<V> parts;
    private final SingleFlight<V> flights;
    private final SingleLookup<V> gets;
    private final BulkWindow window;
    private final BulkLoader<V> loader;
    private final @Nullable LoaderRun asker;
    private final List<BulkKey<V>> keys;
    private final boolean couldBeAsked;
    private boolean isRead;
    private final Deque<BulkKey<V>> round;
    private @Nullable BulkBlock<V> latest;

    /**
     * @param arrived what has been read at each of {@code wanted}, as {@link dev.forge.redis.internal.cache.RedisStore#arriveAll} returns it, or null
     * @param asker the run of a loader in which the keys are asked for, or null
     */
    BulkRounds(
            Keyspace keyspace,
            CacheParts<V> parts,
            SingleFlight<V> flights,
            SingleLookup<V> gets,
            BulkWindow window,
            BulkLoader<V> loader,
            List<String> wanted,
            @Nullable List<@Nullable Object> arrived,
            @Nullable LoaderRun asker) {
        this.parts = parts;
        this.flights = flights;
        this.gets = gets;
        this.window = window;
        this.loader = loader;
        this.asker = asker;
        this.isRead = !BulkBlock.asksForEach(parts);
        this.couldBeAsked = arrived != null;
        Map<String, BulkKey<V>> distinct = new LinkedHashMap<>(wanted.size() * 4 / 3 + 1);
        for (int i = 0; i < wanted.size(); i++) {
            String key = wanted.get(i);
            distinct.put(key, new BulkKey<>(key, keyspace.key(key), arrived == null ? null : arrived.get(i)));
        }
        this.keys = List.copyOf(distinct.values());
        this.round = new ArrayDeque<>(keys);
    }

    /** Returns the next block of this round, or null if the round is over. The one before must have ended. */
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
        BulkBlock<V> block = new BulkBlock<>(parts, flights, gets, window, some, loader, asker);
        if (isRead) {
            block.wasRead(couldBeAsked);
        }
        latest = block;
        return block;
    }

    /** Returns whether every key is settled. */
    boolean isDone() {
        return keys.stream().allMatch(BulkKey::isSettled);
    }

    /** Returns the look-ups in this process that have to be waited for. */
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
     * Completes when it is time for the next round: others have loaded all that is waited for, or somebody has to load what one
     * of them could not.
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
            // The last of them has just come.
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
            return elsewhere(each, each.found instanceof LookupResult.Busy<V> busy ? busy.leftMillis() : 0, watched);
        }
        return other.thenAccept(each::settle).exceptionallyCompose(failure -> {
            long left = Abandoned.leftMillis(failure);
            return left > 0 ? elsewhere(each, left, watched) : CompletableFuture.failedFuture(failure);
        });
    }

    /** Waits for another process, if that is worth while. */
    private CompletableFuture<Void> elsewhere(BulkKey<V> each, long leftMillis, AtomicInteger watched) {
        return watched.incrementAndGet() > MOST_WATCHED
                ? CompletableFuture.completedFuture(null)
                : parts.lookup().waiting().change(each.redisKey, leftMillis, each.waits);
    }

    /** Returns the values of the keys that have one, in the order of the keys. */
    Map<String, V> values() {
        Map<String, V> values = new LinkedHashMap<>(keys.size() * 4 / 3 + 1);
        for (BulkKey<V> each : keys) {
            each.value().ifPresent(value -> values.put(each.key, value));
        }
        return values;
    }
}
