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
 * Encodes values as entries, and stores them: loaded values under their lease, put values unconditionally.
 *
 * @param absenceTtl the TTL of a cached absence, or null if absence is not cached
 * @param jitter the part of its TTL, from 0 to 1, by which a TTL may be shortened, so that values stored together do
 *     not expire together
 * @param options returns the options of a value, or null if all values have those of the cache
 */
record EntryWriter<V>(
        RedisStore<V> store,
        EntryCodec<V> values,
        Tags tags,
        Counters counters,
        CacheListener listener,
        Duration ttl,
        Duration staleFor,
        @Nullable Duration absenceTtl,
        double jitter,
        @Nullable Function<? super V, EntryOptions> options) {

    /** The tag clock if it could not be read: then no value with tags may be stored. */
    static final long NO_CLOCK = -1;

    private static final int MOST_TRIES = 3;

    /** Returns the tag clock if the value that is about to be loaded may have tags; never fails. */
    CompletableFuture<Long> clock() {
        return options == null
                ? CompletableFuture.completedFuture(NO_CLOCK)
                : tags.now().exceptionally(failure -> NO_CLOCK);
    }

    /** Stores the loaded value if the lease still exists; returns the loaded value, whether it was stored or not. */
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
            done = store.publish(redisKey, token, EntryCodec.absence(loaded.time()), entryTtl(absenceTtl));
        } else {
            return store.giveUp(redisKey, token).thenApply(given -> value);
        }
        return done.thenApply(stored -> {
            if (!stored) {
                counters.rejectedStores.increment();
                listener.storeRejected(key);
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
                return store.giveUp(redisKey, token).thenApply(given -> false);
            }
            entry = values.encode(value, loadTime, stamp(mine, clock));
            if (entry == null) {
                // Not a refusal: the codec has logged why this value must not be stored.
                return store.giveUp(redisKey, token).thenApply(given -> true);
            }
        } catch (Throwable e) {
            var unused = store.giveUp(redisKey, token);
            throw e;
        }
        Duration entryTtl = entryTtl(mine.ttl().orElse(ttl));
        Entry.Stamp stamp = stamp(mine, clock);
        if (stamp == null) {
            return store.publish(redisKey, token, entry, entryTtl);
        }
        return marked(stamp, entryTtl)
                .thenCompose(valid -> valid
                        ? store.publish(redisKey, token, entry, entryTtl)
                        : store.giveUp(redisKey, token).thenApply(given -> false));
    }

    private CompletableFuture<Boolean> marked(Entry.Stamp stamp, Duration entryTtl) {
        try {
            return tags.mark(stamp, entryTtl).exceptionally(failure -> false);
        } catch (IllegalStateException closed) {
            // The manager has closed while the loader ran: see RedisStore.
            return CompletableFuture.completedFuture(false);
        }
    }

    /** Writes {@code value} to {@code redisKey}, and replaces any value there. */
    CompletableFuture<Void> put(RedisCore redis, String redisKey, V value, EntryOptions given) {
        Duration entryTtl = entryTtl(given.ttl().orElse(ttl));
        byte[] content = values.contentToPut(value);
        if (given.tags().isEmpty()) {
            return redis.setBytes(redisKey, values.entry(content, Duration.ZERO, null), entryTtl);
        }
        return putTagged(redis, redisKey, content, given.tags(), entryTtl, MOST_TRIES);
    }

    /**
     * Writes a value with tags. If a tag is invalidated during each try, the value is stored as invalid, so it is never
     * served.
     */
    private CompletableFuture<Void> putTagged(
            RedisCore redis, String redisKey, byte[] content, List<String> names, Duration entryTtl, int tries) {
        return tags.now().thenCompose(clock -> {
            Entry.Stamp stamp = new Entry.Stamp(clock, names);
            byte[] entry = values.entry(content, Duration.ZERO, stamp);
            return tags.mark(stamp, entryTtl)
                    .thenCompose(valid -> valid || tries == 1
                            ? redis.setBytes(redisKey, entry, entryTtl)
                            : putTagged(redis, redisKey, content, names, entryTtl, tries - 1));
        });
    }

    /** Returns the options of {@code value} if the caller gives none. */
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

    /**
     * Returns the TTL in Redis of an entry whose value has the TTL {@code fresh}: with jitter, and with the stale time.
     */
    private Duration entryTtl(Duration fresh) {
        if (fresh.equals(Ttl.NO_EXPIRY)) {
            return fresh;
        }
        double part = 1 - jitter * ThreadLocalRandom.current().nextDouble();
        long millis = Math.max(1, (long) (fresh.toMillis() * part));
        Duration whole = Duration.ofMillis(millis).plus(staleFor);
        return whole.compareTo(Ttl.LONGEST) > 0 ? Ttl.LONGEST : whole;
    }
}
