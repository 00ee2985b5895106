package dev.forge.redis.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Fetched;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.NearCache;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.internal.tracking.TrackedRead;
import dev.forge.redis.key.Keyspace;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Helpers for tests of near caches. */
public final class NearCaches {

    public static final Keyspace KEYS = new Keyspace("near");

    private NearCaches() {}

    public static CacheKey key(String given) {
        return CacheKey.of(KEYS, given);
    }

    public static byte[] bytes(String value) {
        return value.getBytes(UTF_8);
    }

    static Optional<String> text(Optional<byte[]> bytes) {
        return bytes.map(value -> new String(value, UTF_8));
    }

    /** Reads a key of {@link #KEYS} through the near cache, and keeps its value. */
    public static Optional<String> read(NearCache<String> near, String key) throws Exception {
        return read(near, key(key));
    }

    /** Reads a key through the near cache, and keeps its value. */
    public static Optional<String> read(NearCache<String> near, CacheKey key) throws Exception {
        Held<String> held = near.get(key.given());
        if (held != null) {
            return held.value();
        }
        Fetched<String> fetched = near.fetch(key).get(20, TimeUnit.SECONDS);
        keep(near, fetched);
        return text(fetched.bytes());
    }

    /** Keeps the fetched value for its TTL in Redis. */
    static void keep(NearCache<String> near, Fetched<String> fetched) {
        near.keep(fetched, new LookupResult.Present<>(text(fetched.bytes()), Long.MAX_VALUE, 0, true));
    }

    /** Waits until Redis sends invalidations. */
    public static void awaitTrust(RedisManager redis) {
        Awaitility.await()
                .atMost(Promises.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> CoreAccess.coreOf(redis).tracking().epochOf(KEYS.key("any")) != null);
    }

    /** Returns once the invalidations of all writes that Redis has acknowledged so far have been handled. */
    static void awaitInvalidations(RedisManager redis) throws Exception {
        for (int i = 0; i < 100; i++) {
            var epoch = CoreAccess.coreOf(redis).tracking().epochOf(KEYS.key("any"));
            if (epoch != null) {
                TrackedRead last = CoreAccess.coreOf(redis)
                        .tracking()
                        .read(epoch, KEYS.key("any"))
                        .get(20, TimeUnit.SECONDS);
                if (last.isTracked()) {
                    return;
                }
            }
            Promises.pause(Duration.ofMillis(20));
        }
        throw new IllegalStateException("Redis sends no invalidations");
    }
}
