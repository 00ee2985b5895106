package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.RedisCore;
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
        return options.ofValue == null
                ? CompletableFuture.completedFuture(NO_CLOCK)
                : tags.now().exceptionally(failure -> NO_CLOCK);
    }

    /** Stores the loaded value if the lease still exists; returns the loaded value, whether it was stored or not. */
    CompletableFuture<Optional<V>> store(
            CacheKey key, byte @Nullable [] token, long clock, Loaded<Optional<V>> loaded) {
        Optional<V> value = loaded.value();
        if (token == null) {
            return CompletableFuture.completedFuture(value);
        }
        CompletableFuture<Boolean> done;
        if (value.isPresent()) {
            done = publish(key, token, clock, value.get(), loaded.time());
        } else if (options.absenceTtl != null) {
            done = leases.publish(key, token, EntryCodec.absence(loaded.time()), entryTtl(options.absenceTtl));
        } else {
            return leases.giveUp(key, token).thenApply(given -> value);
        }
        return done.thenApply(stored -> {
            if (!stored) {
                counters.rejectedStores.increment();
                options.listener.storeRejected(key.given());
            }
            return value;
        });
    }

    private CompletableFuture<Boolean> publish(CacheKey key, byte[] token, long clock, V value, Duration loadTime) {
        EntryOptions mine;
        byte[] entry;
        try {
            mine = optionsOf(value);
            if (!mine.tags().isEmpty() && clock == NO_CLOCK) {
                return leases.giveUp(key, token).thenApply(given -> false);
            }
            entry = values.encode(value, loadTime, stamp(mine, clock));
            if (entry == null) {
                // Not a refusal: the codec has logged why this value must not be stored.
                return leases.giveUp(key, token).thenApply(given -> true);
            }
        } catch (Throwable e) {
            var unused = leases.giveUp(key, token);
            throw e;
        }
        Duration entryTtl = entryTtl(mine.ttl().orElse(options.ttl));
        Entry.Stamp stamp = stamp(mine, clock);
        if (stamp == null) {
            return leases.publish(key, token, entry, entryTtl);
        }
        return marked(stamp, entryTtl)
                .thenCompose(valid -> valid
                        ? leases.publish(key, token, entry, entryTtl)
                        : leases.giveUp(key, token).thenApply(given -> false));
    }

    private CompletableFuture<Boolean> marked(Entry.Stamp stamp, Duration entryTtl) {
        try {
            return tags.mark(stamp, entryTtl).exceptionally(failure -> false);
        } catch (IllegalStateException closed) {
            // The manager has closed while the loader ran: see LeaseStore.
            return CompletableFuture.completedFuture(false);
        }
    }

    /** Writes {@code value} to {@code key}, and replaces any value there. */
    CompletableFuture<Void> put(RedisCore redis, CacheKey key, V value, EntryOptions given) {
        Duration entryTtl = entryTtl(given.ttl().orElse(options.ttl));
        byte[] content = values.contentToPut(value);
        if (given.tags().isEmpty()) {
            return redis.setBytes(key.inRedis(), values.entry(content, Duration.ZERO, null), entryTtl);
        }
        return putTagged(redis, key, content, given.tags(), entryTtl, MOST_TRIES);
    }

    /**
     * Writes a value with tags. If a tag is invalidated during each try, the value is stored as invalid, so it is never
     * served.
     */
    private CompletableFuture<Void> putTagged(
            RedisCore redis, CacheKey key, byte[] content, List<String> names, Duration entryTtl, int tries) {
        return tags.now().thenCompose(clock -> {
            Entry.Stamp stamp = new Entry.Stamp(clock, names);
            byte[] entry = values.entry(content, Duration.ZERO, stamp);
            return tags.mark(stamp, entryTtl)
                    .thenCompose(valid -> valid || tries == 1
                            ? redis.setBytes(key.inRedis(), entry, entryTtl)
                            : putTagged(redis, key, content, names, entryTtl, tries - 1));
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
        double part = 1 - options.ttlJitter * ThreadLocalRandom.current().nextDouble();
        long millis = Math.max(1, (long) (fresh.toMillis() * part));
        Duration whole = Duration.ofMillis(millis).plus(options.staleFor);
        return whole.compareTo(Ttl.LONGEST) > 0 ? Ttl.LONGEST : whole;
    }
}
