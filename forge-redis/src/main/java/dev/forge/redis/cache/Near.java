package dev.forge.redis.cache;

import dev.forge.redis.Keyspace;
import dev.forge.redis.cache.NearEntry.Held;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a cache keeps in memory, and for how long: as long as the value is fresh, less the time that chance has a value be
 * loaded early by.
 *
 * @param byBytes whether a value weighs as much as its entry in Redis has bytes, or 1
 * @param eagerness the beta of XFetch, or 0
 */
record Near<V>(Keyspace keyspace, NearCache<V> cache, boolean byBytes, double eagerness) {

    private static final Duration LONGEST = Duration.ofDays(1);

    /** Returns what is kept for {@code key}, a key of the cache's users, or null. */
    @Nullable
    Optional<V> get(String key) {
        Held<V> held = cache.get(key);
        return held == null ? null : held.value();
    }

    /** Reads {@code redisKey} from Redis such that it may be kept. */
    CompletableFuture<Fetched<V>> fetch(String redisKey) {
        return cache.fetch(keyspace.keyIn(redisKey).orElseThrow());
    }

    /** Keeps what was fetched and found to be {@code present}. */
    void keep(Fetched<V> fetched, Found.Present<V> present) {
        Duration fresh =
                present.freshMillis() >= LONGEST.toMillis() ? LONGEST : Duration.ofMillis(present.freshMillis());
        double lead = present.leadMillis(eagerness);
        int bytes = fetched.bytes().map(all -> all.length).orElse(1);
        fetched.hold(present.value(), fresh.minusMillis((long) lead), byBytes ? bytes : 1);
    }

    void forget(String key) {
        cache.forget(key);
    }

    void forgetAll() {
        cache.forgetAll();
    }
}
