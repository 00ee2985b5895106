package dev.forge.redis.cache;

import dev.forge.redis.RedisManager;
import dev.forge.redis.key.Keyspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Every order in which the steps of some actors can happen, and the rows that they read. */
final class Interleavings {

    private static final String NAME = "rows";

    private Interleavings() {}

    /** Returns all orders of the steps of {@code actors}, in which those of one actor keep theirs. */
    static Stream<List<String>> of(List<List<String>> actors) {
        return merged(List.of(), actors);
    }

    private static Stream<List<String>> merged(List<String> done, List<List<String>> left) {
        if (left.stream().allMatch(List::isEmpty)) {
            return Stream.of(done);
        }
        return IntStream.range(0, left.size())
                .filter(actor -> !left.get(actor).isEmpty())
                .boxed()
                .flatMap(actor -> {
                    List<String> more = new ArrayList<>(done);
                    List<List<String>> rest = new ArrayList<>(left);
                    more.add(left.get(actor).get(0));
                    rest.set(actor, left.get(actor).subList(1, left.get(actor).size()));
                    return merged(more, rest);
                });
    }

    /** Returns a builder of a cache of rows that are stale for a minute. */
    static CacheBuilder<String> rows(RedisManager redis) {
        return Cache.builder(redis, NAME, String.class).staleFor(Duration.ofMinutes(1));
    }

    /** Puts {@code row} into {@code rows}, already stale, so that a reader gets the lease beside it. */
    static void putStale(Cache<String> rows, RedisManager redis, String key, String row) {
        rows.put(key, row);
        redis.getSyncClient().pexpire(redisKey(key), 30_000);
    }

    static String redisKey(String key) {
        return new Keyspace(NAME).key(key);
    }
}
