package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.observe.CacheListener;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.observe.ObserverSlot;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.observe.RedisObserver;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the loaders of one cache, and counts and times them.
 *
 * <p>While Redis is unavailable, and beside a fence, every process loads every value, which could overload the source. So these
 * loads share a limited number of permits (a bulkhead), and wait for one.
 */
final class Loads {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.cache");

    private final String cache;
    private final Counters counters;
    private final CacheListener listener;
    private final Semaphore permits;

    /** Set while this thread has a permit. */
    private final ThreadLocal<@Nullable Boolean> hasPermit = new ThreadLocal<>();

    /** How long a load waits for a permit before it fails. */
    private final Duration maxWait;

    private final ObserverSlot observers;
    private final AtomicBoolean warnedOfNull = new AtomicBoolean();

    Loads(CacheOptions<?> options, Counters counters, ObserverSlot observers) {
        this.cache = options.name();
        this.counters = counters;
        this.listener = options.listener;
        this.permits = new Semaphore(options.loadsWithoutRedis);
        this.maxWait = options.leaseTime;
        this.observers = observers;
    }

    /** What a loader returned, and how long it took. */
    record Loaded<T>(T value, Duration time) {}

    /** Loads one value. */
    <V> Loaded<Optional<V>> one(String key, Loader<V> loader) {
        return timed(
                key,
                () -> requireNonNull(
                        loader.load(key),
                        () -> "a loader of the cache " + cache
                                + " must return an Optional, but returned null for the key " + RedisKey.shown(key)));
    }

    /** Loads one value as {@link #one} does, once there is a permit. */
    <V> Loaded<Optional<V>> oneUnshared(String key, Loader<V> loader) {
        return permitted(() -> one(key, loader));
    }

    /** Loads several values at once. */
    <V> Loaded<Map<String, V>> all(Set<String> keys, BulkLoader<V> loader) {
        return timed(keys.iterator().next(), () -> asked(keys, loader));
    }

    /** Returns {@code loader} as a loader of single values, for values that are refreshed later. */
    <V> Loader<V> single(BulkLoader<V> loader) {
        return key -> Optional.ofNullable(asked(Set.of(key), loader).get(key));
    }

    /** Returns what {@code loader} returns, without the keys that it maps to null. */
    private <V> Map<String, V> asked(Set<String> keys, BulkLoader<V> loader) throws Exception {
        Map<String, V> given = requireNonNull(
                loader.load(keys),
                () -> "a bulk loader of the cache " + cache + " must return a map, but returned null for the key "
                        + RedisKey.shown(keys.iterator().next())
                        + (keys.size() == 1 ? "" : " and " + (keys.size() - 1) + " more"));
        Map<String, V> loaded = new HashMap<>(given);
        loaded.forEach((key, value) -> {
            if (value == null && warnedOfNull.compareAndSet(false, true)) {
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
    <V> Loaded<Map<String, V>> allUnshared(Set<String> keys, BulkLoader<V> loader) {
        return permitted(() -> all(keys, loader));
    }

    /** Runs {@code load} with a permit, unless this thread has one: a loader may ask for other keys of its cache. */
    private <T> T permitted(Callable<T> load) {
        boolean permitted = false;
        try {
            if (hasPermit.get() == null) {
                permitted = permits.tryAcquire(maxWait.toMillis(), TimeUnit.MILLISECONDS);
                if (!permitted) {
                    throw new CacheLoadException("Redis is unavailable to the cache " + cache
                            + ", or transactions are changing its keys, and no load could begin within "
                            + maxWait.toMillis()
                            + " ms; loadsWithoutRedis limits how many run at once");
                }
                hasPermit.set(true);
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
                hasPermit.remove();
                permits.release();
            }
        }
    }

    private <T> Loaded<T> timed(String key, Callable<T> load) {
        counters.loads.increment();
        RedisObserver.LoadEnd end = observers.loadStarted(cache);
        long begin = System.nanoTime();
        try {
            T value = load.call();
            Duration time = Duration.ofNanos(System.nanoTime() - begin);
            counters.loadNanos.add(time.toNanos());
            listener.loaded(key, time);
            observers.loadEnded(end, null);
            return new Loaded<>(value, time);
        } catch (Throwable e) {
            counters.loadNanos.add(System.nanoTime() - begin);
            counters.loadFailures.increment();
            listener.loadFailed(key, e);
            observers.loadEnded(end, e);
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
