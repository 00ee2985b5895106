package dev.forge.redis.internal.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The tags of one cache: a clock that counts invalidations, and for each tag a marker with the number of its latest
 * invalidation.
 *
 * <p>A value carries its tags and the clock from before it was loaded. It is valid while every marker exists and none
 * has a larger number. So invalidating a tag costs the same however many values it has. A lost marker, for example
 * after an eviction, makes values invalid and never makes one valid: a new marker gets the current clock, which every
 * invalidation raises, and none is created for a value that was loaded before the latest invalidation.
 *
 * <p>The clock and the markers have the same hash tag, so they are on one node of a cluster.
 */
public final class Tags {

    private static final LuaScript CLOCK = LuaScript.beside(Tags.class, "tag_clock.lua");
    private static final LuaScript INVALIDATE = LuaScript.beside(Tags.class, "tag_invalidate.lua");
    private static final LuaScript MARK = LuaScript.beside(Tags.class, "tag_mark.lua");

    // Markers outlast their values by this, because the TTL of a value begins a little later.
    private static final Duration MARGIN = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofHours(1);

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final String clock;
    private final Duration ttl;

    /** @param longest the longest TTL of a value, or {@link Ttl#NO_EXPIRY} */
    public Tags(RedisCore redis, Keyspace keyspace, Duration longest) {
        this.redis = redis;
        this.keyspace = keyspace;
        this.clock = "{" + keyspace.name() + ":.tags}";
        this.ttl = markerTtl(longest);
    }

    /** Returns the clock; must be read before the load of a value that may have tags. */
    public CompletableFuture<Long> now() {
        return redis.eval(CLOCK, List.of(clock), List.of(millis(ttl)))
                .thenApply(reply -> Long.parseLong(reply.asText()));
    }

    /** Invalidates all values of {@code tag} whose load began before. */
    public CompletableFuture<Void> invalidate(String tag) {
        return redis.eval(INVALIDATE, List.of(clock, marker(tag)), List.of(millis(ttl)))
                .thenApply(number -> null);
    }

    /**
     * Ensures that the markers last as long as a value with {@code stamp}; returns whether the value is still valid.
     */
    public CompletableFuture<Boolean> mark(Entry.Stamp stamp, Duration valueTtl) {
        List<String> keys = new ArrayList<>();
        keys.add(clock);
        keys.addAll(markers(stamp));
        List<byte[]> args = List.of(LuaScript.argument(stamp.clock()), millis(markerTtl(valueTtl)));
        return redis.eval(MARK, keys, args).thenApply(reply -> reply.asLong() == 1);
    }

    /** Returns whether no tag of a value with {@code stamp} was invalidated since its load began. */
    public CompletableFuture<Boolean> areValid(Entry.Stamp stamp) {
        return redis.getAllBytes(markers(stamp))
                .thenApply(all -> all.stream().allMatch(marker -> isAtMost(stamp.clock(), marker)));
    }

    private static boolean isAtMost(long clock, Optional<byte[]> marker) {
        try {
            return marker.isPresent() && Long.parseLong(new String(marker.get(), US_ASCII)) <= clock;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private List<String> markers(Entry.Stamp stamp) {
        List<String> markers = new ArrayList<>(stamp.tags().size());
        stamp.tags().forEach(tag -> markers.add(marker(tag)));
        return markers;
    }

    private String marker(String tag) {
        return clock + keyspace.key(tag);
    }

    private static Duration markerTtl(Duration valueTtl) {
        Duration longest = valueTtl.compareTo(Ttl.LONGEST) > 0 ? Ttl.LONGEST : valueTtl.plus(MARGIN);
        return longest.compareTo(SHORTEST) < 0 ? SHORTEST : longest;
    }

    private static byte[] millis(Duration duration) {
        return LuaScript.argument(duration.toMillis());
    }
}
