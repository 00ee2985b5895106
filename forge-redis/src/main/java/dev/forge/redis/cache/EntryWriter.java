package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.Entry;
import dev.forge.redis.internal.cache.EntryCodec;
import dev.forge.redis.internal.cache.RedisStore;
import dev.forge.redis.internal.cache.Tags;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries of values, and stores those that were loaded under a lease.
 *
 * @param absenceTtl how long the absence of a value is kept, or null if it is not
 * @param jitter the part of its life, from 0 to 1, by which a value may live less, so that what was stored together does not
 *     end together
 * @param options returns how a value is kept, or null if all are kept alike
 */
record EntryWriter<V>(
        RedisStore<V> slot,
        EntryCodec<V> values,
        Tags tags,
        Counters counters,
        CacheListener listener,
        Duration ttl,
        Duration staleFor,
        @Nullable Duration absenceTtl,
        double jitter,
        @Nullable Function<? super V, EntryOptions> options) {

    /** The clock of the tags where it could not be read: no value with tags may be stored. */
    static final long NO_CLOCK = -1;

    private static final int MOST_TRIES = 3;

    /** Returns the clock of the tags, where a value that is about to be loaded may have some; never fails. */
    CompletableFuture<Long> clock() {
        return options == null
                ? CompletableFuture.completedFuture(NO_CLOCK)
                : tags.now().exceptionally(failure -> NO_CLOCK);
    }

    /** Stores what was loaded, if the lease still stands; the result is what was loaded, whether it was stored or not. */
    CompletableFuture<Optional<V>> store(
            String redisKey, String key, byte @Nullable [] token, long clock, Loaded<Optional<V>> loaded) {
        Optional<V> value = loaded.value();
        if (token == null) {
            return CompletableFuture.completedFuture(value);
        }
        CompletableFuture<Boolean> done;
        if (value.isPresent()) {
            done = publish(redisKey, token, clock, value.get(), loaded.time());
        } else if (absenceTtl != null) {
            done = slot.publish(redisKey, token, EntryCodec.absence(loaded.time()), life(absenceTtl));
        } else {
            return slot.giveUp(redisKey, token).thenApply(given -> value);
        }
        return done.thenApply(stored -> {
            if (!stored) {
                counters.refusals.increment();
                listener.refused(key);
            }
            return value;
        });
    }

    private CompletableFuture<Boolean> publish(String redisKey, byte[] token, long clock, V value, Duration loadTime) {
        EntryOptions mine;
        byte[] entry;
        try {
            mine = optionsOf(value);
            if (!mine.tags().isEmpty() && clock == NO_CLOCK) {
                return slot.giveUp(redisKey, token).thenApply(given -> false);
            }
            entry = values.encode(value, loadTime, stamp(mine, clock));
            if (entry == null) {
                // Nothing has refused it: it was never to be stored.
                return slot.giveUp(redisKey, token).thenApply(given -> true);
            }
        } catch (Throwable e) {
            var unused = slot.giveUp(redisKey, token);
            throw e;
        }
        Duration life = life(mine.ttl().orElse(ttl));
        Entry.Stamp stamp = stamp(mine, clock);
        if (stamp == null) {
            return slot.publish(redisKey, token, entry, life);
        }
        return marked(stamp, life)
                .thenCompose(valid -> valid
                        ? slot.publish(redisKey, token, entry, life)
                        : slot.giveUp(redisKey, token).thenApply(given -> false));
    }

    private CompletableFuture<Boolean> marked(Entry.Stamp stamp, Duration life) {
        try {
            return tags.mark(stamp, life).exceptionally(failure -> false);
        } catch (IllegalStateException closed) {
            // The manager has closed while the loader ran: see Slot.
            return CompletableFuture.completedFuture(false);
        }
    }

    /** Writes {@code value} to {@code redisKey}, whatever is there. */
    CompletableFuture<Void> put(RedisCore redis, String redisKey, V value, EntryOptions given) {
        Duration life = life(given.ttl().orElse(ttl));
        byte[] content = values.contentToPut(value);
        if (given.tags().isEmpty()) {
            return redis.setBytes(redisKey, values.entry(content, Duration.ZERO, null), life);
        }
        return putTagged(redis, redisKey, content, given.tags(), life, MOST_TRIES);
    }

    /** Writes a value with tags; one whose tags are invalidated each time is stored and not valid, which comes to the same. */
    private CompletableFuture<Void> putTagged(
            RedisCore redis, String redisKey, byte[] content, List<String> names, Duration life, int tries) {
        return tags.now().thenCompose(clock -> {
            Entry.Stamp stamp = new Entry.Stamp(clock, names);
            byte[] entry = values.entry(content, Duration.ZERO, stamp);
            return tags.mark(stamp, life)
                    .thenCompose(valid -> valid || tries == 1
                            ? redis.setBytes(redisKey, entry, life)
                            : putTagged(redis, redisKey, content, names, life, tries - 1));
        });
    }

    /** Returns how {@code value} is kept, where its caller does not say. */
    EntryOptions optionsOf(V value) {
        return options == null
                ? EntryOptions.NONE
                : requireNonNull(
                        options.apply(value),
                        () -> "the options function of the cache " + values.cache()
                                + " must return EntryOptions, but returned null");
    }

    private static Entry.@Nullable Stamp stamp(EntryOptions options, long clock) {
        List<String> names = options.tags();
        return names.isEmpty() ? null : new Entry.Stamp(clock, names);
    }

    /** Returns how long an entry stands in Redis whose value is fresh for {@code fresh}. */
    private Duration life(Duration fresh) {
        if (fresh.equals(Ttl.NO_EXPIRY)) {
            return fresh;
        }
        double part = 1 - jitter * ThreadLocalRandom.current().nextDouble();
        long millis = Math.max(1, (long) (fresh.toMillis() * part));
        Duration whole = Duration.ofMillis(millis).plus(staleFor);
        return whole.compareTo(Ttl.LONGEST) > 0 ? Ttl.LONGEST : whole;
    }
}
