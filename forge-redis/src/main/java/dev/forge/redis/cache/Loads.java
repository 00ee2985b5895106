package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.key.RedisKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the loaders of one cache, and counts and times them.
 *
 * <p>Without Redis every process loads everything, so that the outage of a cache would become that of the source behind it.
 * Loads without Redis therefore share a number of permits (a bulkhead), and wait for one.
 */
final class Loads {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.cache");

    private final String cache;
    private final Counters counters;
    private final CacheListener listener;
    private final Semaphore permits;
    private final Duration patience;
    private final AtomicBoolean saidNull = new AtomicBoolean();

    /** @param patience how long a load waits for its permit */
    Loads(String cache, Counters counters, CacheListener listener, int permits, Duration patience) {
        this.cache = cache;
        this.counters = counters;
        this.listener = listener;
        this.permits = new Semaphore(permits);
        this.patience = patience;
    }

    /** What a loader returned, and how long it took. */
    record Loaded<T>(T value, Duration time) {}

    /** Loads one value, which somebody may store. */
    <V> Loaded<Optional<V>> one(String key, Loader<V> loader) {
        return timed(
                key,
                () -> requireNonNull(
                        loader.load(key),
                        () -> "a loader of the cache " + cache
                                + " must return an Optional, but returned null for the key " + RedisKey.shown(key)));
    }

    /** Loads one value as {@link #one} does, once there is a permit. */
    <V> Loaded<Optional<V>> oneWithoutRedis(String key, Loader<V> loader) {
        return permitted(() -> one(key, loader));
    }

    /** Loads several values at once. */
    <V> Loaded<Map<String, V>> all(Set<String> keys, BulkLoader<V> loader) {
        return timed(keys.iterator().next(), () -> asked(keys, loader));
    }

    /** Returns {@code loader} as one of single values, for what is loaded again later. */
    <V> Loader<V> single(BulkLoader<V> loader) {
        return key -> Optional.ofNullable(asked(Set.of(key), loader).get(key));
    }

    /** Returns what {@code loader} says, in which a key that maps to null has no value. */
    private <V> Map<String, V> asked(Set<String> keys, BulkLoader<V> loader) throws Exception {
        Map<String, V> given = requireNonNull(
                loader.load(keys),
                () -> "a bulk loader of the cache " + cache + " must return a map, but returned null for the key "
                        + RedisKey.shown(keys.iterator().next())
                        + (keys.size() == 1 ? "" : " and " + (keys.size() - 1) + " more"));
        Map<String, V> loaded = new HashMap<>(given);
        loaded.forEach((key, value) -> {
            if (value == null && saidNull.compareAndSet(false, true)) {
                LOG.warn(
                        "A bulk loader of the cache {} returned null for the key {}, which counts as having no value: it should"
                                + " leave such keys out of its map",
                        cache,
                        RedisKey.shown(String.valueOf(key)));
            }
        });
        loaded.values().removeIf(Objects::isNull);
        return loaded;
    }

    /** Loads several values as {@link #all} does, once there is a permit. */
    <V> Loaded<Map<String, V>> allWithoutRedis(Set<String> keys, BulkLoader<V> loader) {
        return permitted(() -> all(keys, loader));
    }

    private <T> T permitted(Callable<T> load) {
        boolean permitted = false;
        try {
            permitted = permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!permitted) {
                throw new CacheLoadException("the cache " + cache + " has no Redis, and no load of it could begin in "
                        + patience.toMillis() + " ms; loadsWithoutRedis says how many there are at once");
            }
            return load.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheLoadException(cache, e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CacheLoadException(cache, e);
        } finally {
            if (permitted) {
                permits.release();
            }
        }
    }

    private <T> Loaded<T> timed(String key, Callable<T> load) {
        counters.loads.increment();
        long begin = System.nanoTime();
        try {
            T value = load.call();
            Duration time = Duration.ofNanos(System.nanoTime() - begin);
            counters.loadNanos.add(time.toNanos());
            listener.loaded(key, time);
            return new Loaded<>(value, time);
        } catch (Throwable e) {
            counters.loadNanos.add(System.nanoTime() - begin);
            counters.loadFailures.increment();
            listener.loadFailed(key, e);
            if (e instanceof RuntimeException exception) {
                throw exception;
            }
            if (e instanceof Error error) {
                throw error;
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new CacheLoadException(cache, e);
        }
    }
}
