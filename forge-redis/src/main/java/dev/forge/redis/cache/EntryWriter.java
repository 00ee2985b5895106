package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.Entry;
import dev.forge.redis.internal.cache.EntryCodec;
import dev.forge.redis.internal.cache.LeaseStore;
import dev.forge.redis.internal.cache.Tags;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Encodes values as entries, and stores them: loaded values under their lease, put values unconditionally. */
record EntryWriter<V>(CacheOptions<V> options, LeaseStore leases, EntryCodec<V> values, Tags tags, Counters counters) {

    /** The tag clock if it could not be read: then no value with tags may be stored. */
    static final long NO_CLOCK = -1;

    private static final int MOST_TRIES = 3;

    /** Returns the tag clock if the value that is about to be loaded may have tags; never fails. */
    CompletableFuture<Long> clock() {
        try {
            return options.ofValue == null || !options.tagsIf.getAsBoolean()
                    ? CompletableFuture.completedFuture(NO_CLOCK)
                    : tags.now().exceptionally(failure -> NO_CLOCK);
        } catch (RuntimeException closed) {
            // The manager has closed: the value is loaded and not stored.
            return CompletableFuture.completedFuture(NO_CLOCK);
        }
    }

    /** Stores the loaded value if the lease still exists; returns the loaded value, whether it was stored or not. */
    CompletableFuture<Optional<V>> store(
            CacheKey key, byte @Nullable [] token, long clock, Loaded<Optional<V>> loaded) {
        return token == null
                ? CompletableFuture.completedFuture(loaded.value())
                : settle(key, token, clock, loaded).thenApply(stored -> loaded.value());
    }

    /**
     * Stores the loaded value if the lease still exists, and ends the lease; returns whether the value was stored. If this fails, the
     * lease is left to the caller.
     */
    CompletableFuture<Boolean> settle(CacheKey key, byte[] token, long clock, Loaded<Optional<V>> loaded) {
        if (loaded.value().isPresent()) {
            return publish(key, token, clock, loaded.value().get(), loaded.time());
        }
        return options.absenceTtl == null
                ? givenUpWithValue(key, token)
                : counted(
                        key,
                        leases.publish(key, token, EntryCodec.absence(loaded.time()), entryTtl(options.absenceTtl)));
    }

    private CompletableFuture<Boolean> publish(CacheKey key, byte[] token, long clock, V value, Duration loadTime) {
        EntryOptions mine;
        Duration entryTtl;
        try {
            mine = optionsOf(value);
            Duration fresh = ttl(mine, value);
            if (fresh.compareTo(Ttl.SHORTEST) < 0) {
                // It has expired already, such as a token that was issued long ago.
                return givenUpWithValue(key, token);
            }
            entryTtl = checkedTtl(fresh);
        } catch (EntryOptions.UnusableException e) {
            values.refuse(String.valueOf(e.getMessage()));
            return givenUpWithValue(key, token);
        }
        if (!mine.tags().isEmpty() && clock == NO_CLOCK) {
            return counted(key, givenUp(key, token));
        }
        Entry.Stamp stamp = mine.tags().isEmpty() ? null : new Entry.Stamp(clock, mine.tags());
        byte[] entry = values.encode(value, loadTime, stamp);
        if (entry == null) {
            // Not counted as rejected: the codec has logged why this value must not be stored.
            return givenUpWithValue(key, token);
        }
        return counted(
                key,
                stamp == null
                        ? leases.publish(key, token, entry, entryTtl)
                        : marked(key, stamp, entryTtl)
                                .thenCompose(valid ->
                                        valid ? leases.publish(key, token, entry, entryTtl) : givenUp(key, token)));
    }

    /** Gives the lease up without storing the loaded value; returns false. */
    private CompletableFuture<Boolean> givenUp(CacheKey key, byte[] token) {
        return leases.giveUp(key, token).thenApply(done -> false);
    }

    /** Like {@link #givenUp}, but also removes the old value, which is no longer that of the source. */
    private CompletableFuture<Boolean> givenUpWithValue(CacheKey key, byte[] token) {
        return leases.giveUpWithValue(key, token).thenApply(done -> false);
    }

    private CompletableFuture<Boolean> counted(CacheKey key, CompletableFuture<Boolean> stored) {
        return stored.thenApply(done -> {
            if (done) {
                counters.puts.increment();
            } else {
                counters.rejectedStores.increment();
                options.listener.storeRejected(key.given());
            }
            return done;
        });
    }

    private CompletableFuture<Boolean> marked(CacheKey key, Entry.Stamp stamp, Duration entryTtl) {
        try {
            return tags.mark(stamp, entryTtl)
                    .thenApply(valid -> {
                        if (!valid) {
                            // Callers that joined the load after the tag was invalidated must not get its value.
                            leases.doubt(key);
                        }
                        return valid;
                    })
                    .exceptionally(failure -> false);
        } catch (IllegalStateException closed) {
            // The manager has closed while the loader ran: see LeaseStore.
            return CompletableFuture.completedFuture(false);
        }
    }

    /** Writes an entry to Redis with its TTL. */
    interface Write<T> {
        CompletableFuture<T> write(byte[] entry, Duration entryTtl);
    }

    /** A value that a caller has given, encoded. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Given(byte[] content, Duration entryTtl, List<String> tags) {}

    /** Encodes {@code value} with the options that its caller gives; fails if it must not be stored. */
    Given given(V value, EntryOptions given) {
        return new Given(values.contentToPut(value), checkedTtl(ttl(given, value)), given.tags());
    }

    /** Makes an entry of {@code given}, and writes it with {@code write}; returns its result. */
    <T> CompletableFuture<T> put(Given given, Write<T> write) {
        return given.tags().isEmpty()
                ? write.write(values.entry(given.content(), Duration.ZERO, null), given.entryTtl())
                : putTagged(given, write, MOST_TRIES);
    }

    /** Writes with {@code write} that a key has no value; returns its result. */
    <T> CompletableFuture<T> putAbsence(Duration ttl, Write<T> write) {
        return write.write(EntryCodec.absence(Duration.ZERO), entryTtl(ttl));
    }

    /**
     * Writes a value with tags. If a tag is invalidated during each try, the value is stored as invalid, so it is never
     * served.
     */
    private <T> CompletableFuture<T> putTagged(Given given, Write<T> write, int tries) {
        return tags.now().thenCompose(clock -> {
            Entry.Stamp stamp = new Entry.Stamp(clock, given.tags());
            byte[] entry = values.entry(given.content(), Duration.ZERO, stamp);
            return tags.mark(stamp, given.entryTtl())
                    .thenCompose(valid -> valid || tries == 1
                            ? write.write(entry, given.entryTtl())
                            : putTagged(given, write, tries - 1));
        });
    }

    /** Returns the options of {@code value} if the caller gives none. */
    EntryOptions optionsOf(V value) {
        return options.ofValue == null
                ? EntryOptions.NONE
                : requireNonNull(
                        options.ofValue.apply(value),
                        () -> "the options function of the cache " + values.cache()
                                + " must return EntryOptions, but returned null");
    }

    private Duration ttl(EntryOptions given, V value) {
        return given.ttl().orElseGet(() -> options.ttlOf(value));
    }

    private Duration checkedTtl(Duration fresh) {
        return entryTtl(EntryOptions.checkedTtl("ttl of a value", fresh));
    }

    /**
     * Returns the TTL in Redis of an entry whose value has the TTL {@code fresh}: with jitter, and with the stale time.
     */
    private Duration entryTtl(Duration fresh) {
        if (fresh.equals(Ttl.NO_EXPIRY)) {
            return fresh;
        }
        double part = 1 - options.ttlJitter * ThreadLocalRandom.current().nextDouble();
        long millis = Math.max(1, (long) (fresh.toMillis() * part));
        Duration whole = Duration.ofMillis(millis).plus(options.staleFor);
        return whole.compareTo(Ttl.LONGEST) > 0 ? Ttl.LONGEST : whole;
    }
}
