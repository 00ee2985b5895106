package dev.forge.redis.cache;

import dev.forge.redis.BulkWindow;
import dev.forge.redis.Keyspace;
import dev.forge.redis.cache.SingleFlight.Flight;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One bulk look-up: it goes round until each key has its value, or is known to have none.
 *
 * <p>In each round all that is ours is loaded, block by block, and only then is waited for what others are loading. Since nobody
 * waits who holds a lease or a look-up without a load running, bulks that overlap cannot wait for one another, whatever the
 * order of their keys. Another round is needed where others failed, died, or published from another process.
 */
final class BulkRounds<V> {

    /** So many keys are loaded by one run of the loader at most: more leases than this could not be renewed in time. */
    static final int MOST_AT_ONCE = 10_000;

    // Where these have changed, most of the others have as well: each costs two commands, and all are read again in a
    // few.
    private static final int MOST_WATCHED = 64;

    private final CacheParts<V> parts;
    private final SingleFlight<V> flights;
    private final Gets<V> gets;
    private final BulkWindow window;
    private final BulkLoader<V> loader;
    private final @Nullable LoaderRun asker;
    private final List<BulkKey<V>> keys;
    private final boolean couldBeAsked;
    private boolean isRead;
    private Iterator<List<BulkKey<V>>> round;

    /**
     * @param arrived what has been read at each of {@code wanted}, as {@link Slot#arriveAll} returns it, or null
     * @param asker the run of a loader in which the keys are asked for, or null
     */
    BulkRounds(
            Keyspace keyspace,
            CacheParts<V> parts,
            SingleFlight<V> flights,
            Gets<V> gets,
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
        this.round = blocks();
    }

    /** Returns the next block of this round, or null if the round is over. */
    @Nullable
    BulkBlock<V> nextBlock() {
        if (!round.hasNext()) {
            isRead = false;
            return null;
        }
        BulkBlock<V> block = new BulkBlock<>(parts, flights, gets, window, round.next(), loader, asker);
        if (isRead) {
            block.wasRead(couldBeAsked);
        }
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
        List<BulkKey<V>> waiting = new ArrayList<>();
        int watched = 0;
        for (BulkKey<V> each : keys) {
            if (!each.isSettled() && (each.joined != null || watched++ < MOST_WATCHED)) {
                waiting.add(each);
            }
        }
        CompletableFuture<Void> next = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(waiting.size());
        for (BulkKey<V> each : waiting) {
            waitFor(each).whenComplete((ended, failure) -> {
                if (failure != null || left.decrementAndGet() == 0) {
                    next.complete(null);
                }
            });
        }
        return next.thenRun(() -> round = blocks());
    }

    private CompletableFuture<?> waitFor(BulkKey<V> each) {
        Flight<V> other = each.joined;
        if (other != null) {
            return other.thenAccept(each::settle);
        }
        // Without a lease there is nothing to wait for but the next look.
        long left = each.found instanceof Found.Busy<V> busy ? busy.leftMillis() : 0;
        return parts.lookup().waiting().change(each.redisKey, left, each.waits - 1);
    }

    private Iterator<List<BulkKey<V>>> blocks() {
        List<BulkKey<V>> left = keys.stream().filter(each -> !each.isSettled()).toList();
        List<List<BulkKey<V>>> blocks = new ArrayList<>();
        for (int from = 0; from < left.size(); from += MOST_AT_ONCE) {
            blocks.add(left.subList(from, Math.min(left.size(), from + MOST_AT_ONCE)));
        }
        return blocks.iterator();
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
