package dev.forge.redis.internal.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Turns the entries of one cache into results: fresh, stale, or not usable. */
public final class EntryReader<V> {

    private final EntryCodec<V> values;
    private final Tags tags;
    private final Counters counters;
    private final long staleForMillis;

    /** @param staleFor how long values are kept after their TTL, as stale values */
    public EntryReader(EntryCodec<V> values, Tags tags, Counters counters, Duration staleFor) {
        this.values = values;
        this.tags = tags;
        this.counters = counters;
        this.staleForMillis = staleFor.toMillis();
    }

    EntryCodec<V> values() {
        return values;
    }

    /**
     * Returns the result for an entry, or null if it is not usable; reads the tag markers of a value that has tags. An
     * entry that cannot be read, and is neither a lease nor a fence, is counted as unreadable.
     *
     * @param ttl the remaining TTL of the key in milliseconds, or -1 if it has none or the TTL was not read
     */
    CompletableFuture<@Nullable LookupResult<V>> checked(Entry entry, long ttl) {
        if (entry.withoutLease() instanceof Entry.Value value && value.stamp() != null) {
            return tags.areValid(value.stamp()).thenApply(valid -> valid ? counted(entry, readable(entry, ttl)) : null);
        }
        return CompletableFuture.completedFuture(counted(entry, readable(entry, ttl)));
    }

    private @Nullable LookupResult<V> counted(Entry entry, @Nullable LookupResult<V> found) {
        if (found == null && !(entry instanceof Entry.Lease) && !(entry instanceof Entry.Fence)) {
            counters.unreadable.increment();
        }
        return found;
    }

    /**
     * Returns the result for the bytes of an entry, or null if it is not usable or that takes another command.
     *
     * @param ttl as for {@link #checked}
     */
    @Nullable
    LookupResult<V> usable(byte[] bytes, long ttl) {
        LookupResult<V> plain = plain(bytes, ttl);
        if (plain != null) {
            return plain;
        }
        Entry entry = Entry.decode(bytes);
        return entry.withoutLease() instanceof Entry.Value value && value.stamp() != null ? null : readable(entry, ttl);
    }

    /**
     * Returns the result for an uncompressed and untagged value without a lease, or null for all else. This is the usual
     * case, and allocates none of the objects that the general case needs.
     *
     * @param ttl as for {@link #checked}
     */
    @Nullable
    LookupResult<V> plain(byte[] bytes, long ttl) {
        Optional<V> value = values.decodePlain(bytes);
        return value == null ? null : judged(value, ttl, Entry.number(bytes, Entry.LOAD_MILLIS_AT), true);
    }

    private @Nullable LookupResult<V> readable(Entry entry, long ttl) {
        boolean leased = entry instanceof Entry.Lease;
        Entry inner = entry.withoutLease();
        long left = entry instanceof Entry.Lease lease && ttl >= 0 ? ttl - lease.beyond() : ttl;
        if (leased && left <= 0) {
            // The value beside the lease has expired, or the TTL was not read.
            return null;
        }
        Optional<V> value;
        int loadMillis;
        if (inner instanceof Entry.Value held) {
            value = values.decode(held);
            loadMillis = held.loadMillis();
        } else if (inner instanceof Entry.Absence absence) {
            value = Optional.empty();
            loadMillis = absence.loadMillis();
        } else {
            return null;
        }
        if (value == null) {
            return null;
        }
        boolean tagged = inner instanceof Entry.Value held && held.stamp() != null;
        // A leased value gets the load time 0: it is being refreshed already, so no early refresh is needed.
        return judged(value, left, leased ? 0 : loadMillis, !leased && !tagged);
    }

    private LookupResult<V> judged(Optional<V> value, long left, int loadMillis, boolean lasting) {
        long fresh = left < 0 ? Long.MAX_VALUE : left - staleForMillis;
        return fresh <= 0
                ? new LookupResult.Stale<>(value)
                : new LookupResult.Present<>(value, fresh, loadMillis, lasting);
    }
}
