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
 * The tags of one cache: a clock that counts their invalidations, and for each tag a marker with the number of its latest.
 *
 * <p>A value carries its tags and the clock of before it was loaded. It is valid as long as every marker is there and none
 * has a larger number, so that invalidating a tag costs the same however many values it has. A marker that was lost, such as
 * to eviction, makes values invalid and never valid: a new one has the clock of now, which every invalidation has raised, and is
 * made for no value that was loaded before the latest of them.
 *
 * <p>They all have one hash tag and so live on one node of a cluster.
 */
public final class Tags {

    private static final LuaScript CLOCK = LuaScript.beside(Tags.class, "tag_clock.lua");
    private static final LuaScript INVALIDATE = LuaScript.beside(Tags.class, "tag_invalidate.lua");
    private static final LuaScript MARK = LuaScript.beside(Tags.class, "tag_mark.lua");

    // Longer than the values that carry the markers, whose life counts from a little later.
    private static final Duration MARGIN = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(3653);

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final String clock;
    private final Duration life;

    /** @param longest the longest life of a value, or {@link Ttl#NO_EXPIRY} */
    public Tags(RedisCore redis, Keyspace keyspace, Duration longest) {
        this.redis = redis;
        this.keyspace = keyspace;
        this.clock = "{" + keyspace.name() + ":.tags}";
        this.life = lifeOfMarkers(longest);
    }

    /** Returns the clock, to be read before a value is loaded that may turn out to have tags. */
    public CompletableFuture<Long> now() {
        return redis.eval(CLOCK, List.of(clock), List.of(millis(life)))
                .thenApply(reply -> Long.parseLong(reply.asText()));
    }

    /** Invalidates all values of {@code tag} that were loaded before. */
    public CompletableFuture<Void> invalidate(String tag) {
        return redis.eval(INVALIDATE, List.of(clock, marker(tag)), List.of(millis(life)))
                .thenApply(number -> null);
    }

    /** Makes sure that the markers live as long as a value with {@code stamp}; returns whether it is still valid. */
    public CompletableFuture<Boolean> mark(Entry.Stamp stamp, Duration lifeOfValue) {
        List<String> keys = new ArrayList<>();
        keys.add(clock);
        keys.addAll(markers(stamp));
        List<byte[]> args = List.of(LuaScript.argument(stamp.clock()), millis(lifeOfMarkers(lifeOfValue)));
        return redis.eval(MARK, keys, args).thenApply(reply -> reply.asLong() == 1);
    }

    /** Returns whether no tag of a value with {@code stamp} has been invalidated since it was loaded. */
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

    private static Duration lifeOfMarkers(Duration lifeOfValue) {
        Duration longest = lifeOfValue.compareTo(LONGEST) > 0 ? LONGEST : lifeOfValue.plus(MARGIN);
        return longest.compareTo(SHORTEST) < 0 ? SHORTEST : longest;
    }

    private static byte[] millis(Duration duration) {
        return LuaScript.argument(duration.toMillis());
    }
}
