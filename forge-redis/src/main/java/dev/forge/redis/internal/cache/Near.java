package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.cache.NearEntry.Held;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The near cache of a cache: decides for how long a value is kept, and its weight.
 *
 * <p>A value is kept while it is fresh, less a random time by which it is refreshed early.
 *
 * @param byBytes whether a value weighs its estimated size in memory, in bytes; otherwise it weighs 1
 * @param eagerness the beta of XFetch, or 0 for no early refresh
 */
public record Near<V>(NearCache<V> cache, boolean byBytes, double eagerness) {

    private static final Duration LONGEST = Duration.ofDays(1);

    /** The bytes that the entry, the key and the value take besides their content, in a 64-bit JVM. */
    private static final int OVERHEAD = 200;

    /** Returns the near copy for {@code key}, a key as callers pass it, or null. */
    @Nullable
    public Optional<V> get(String key) {
        Held<V> held = cache.get(key);
        return held == null ? null : held.value();
    }

    /** Reads {@code key} from Redis so that its value may be kept. */
    CompletableFuture<Fetched<V>> fetch(CacheKey key) {
        return cache.fetch(key);
    }

    /** Keeps the fetched value, which was decoded as {@code present}. */
    void keep(Fetched<V> fetched, LookupResult.Present<V> present) {
        Duration fresh =
                present.freshMillis() >= LONGEST.toMillis() ? LONGEST : Duration.ofMillis(present.freshMillis());
        double lead = present.leadMillis(eagerness);
        fetched.hold(present.value(), fresh.minusMillis((long) lead), byBytes ? weight(fetched, present.value()) : 1);
    }

    /**
     * Estimates the bytes of memory of a value and its key; the entry in Redis may be smaller, because it may be
     * compressed.
     */
    private int weight(Fetched<V> fetched, Optional<V> value) {
        Entry entry = fetched.bytes().map(Entry::decode).orElse(null);
        long content = entry instanceof Entry.Value held ? held.contentLength() : 0;
        Object kept = value.orElse(null);
        long size = 2 * content;
        if (kept instanceof String text) {
            size = isLatin(text) ? text.length() : 2L * text.length();
        } else if (kept instanceof byte[] bytes) {
            size = bytes.length;
        }
        return (int) Math.min(
                Integer.MAX_VALUE, OVERHEAD + 2L * fetched.key().given().length() + size);
    }

    /** Returns whether the JVM stores {@code text} with one byte per character. */
    private static boolean isLatin(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }

    public void forget(CacheKey key) {
        cache.forget(key);
    }

    public void forgetAll() {
        cache.forgetAll();
    }
}
