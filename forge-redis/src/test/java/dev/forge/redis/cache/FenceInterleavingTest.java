package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every interleaving of a reader that misses and a transaction that fences its key, for every end of the transaction. */
class FenceInterleavingTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final List<String> READER = List.of("misses", "loads", "stores");
    private static final List<String> WRITER = List.of("fences", "commits", "ends");

    private static RedisManager redis;

    @BeforeAll
    static void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterAll
    static void close() {
        redis.close();
    }

    enum End {
        COMMIT,
        STORE,
        ROLL_BACK,
        /** The process dies after the commit, and its fence expires. */
        CRASH
    }

    static Stream<Arguments> orders() {
        List<Arguments> all = new ArrayList<>();
        for (End end : End.values()) {
            for (boolean cached : List.of(false, true)) {
                Interleavings.of(List.of(READER, WRITER)).forEach(order -> all.add(Arguments.of(end, order, cached)));
            }
        }
        return all.stream();
    }

    /** @param cached whether the old value is in the cache, and stale, so that the reader gets a lease beside it */
    @ParameterizedTest
    @MethodSource("orders")
    void leavesNoOldValue(End end, List<String> order, boolean cached) {
        String key = end + order.toString() + cached;
        Cache<String> cache = Interleavings.rows(redis).build();
        if (cached) {
            Interleavings.putStale(cache, redis, key, "row 1");
        }
        String row = "row 1";
        String read = "nothing";
        CacheLookup<String> found = new CacheLookup.Absent<>();
        CacheFence<String> fence = null;

        for (String step : order) {
            switch (step) {
                case "misses" -> found = cache.lookup(key);
                case "loads" -> read = row;
                case "stores" -> store(found, read);
                case "fences" -> fence = cache.fence(List.of(key));
                case "commits" -> row = end == End.ROLL_BACK ? "row 1" : "row 2";
                default -> end(end, requireNonNull(fence), key);
            }
            if (row.equals("row 2") && isAcknowledged(requireNonNull(fence))) {
                // Once the commit has returned, and before the process does anything more.
                assertThat(cache.peek(key)).isNotEqualTo(new CacheLookup.Hit<>("row 1"));
            }
        }

        String now = row;
        assertThat(cache.get(key, k -> Optional.of(now))).contains(now);
        assertThat(cache.getAll(List.of(key), keys -> Map.of(key, now))).containsEntry(key, now);
    }

    private static void store(CacheLookup<String> found, String value) {
        if (found instanceof CacheMiss<String> miss) {
            miss.store(value);
        }
    }

    /** A fence that a busy machine does not acknowledge in time may not be there: it then keeps and stores nothing. */
    private static boolean isAcknowledged(CacheFence<String> fence) {
        return fence.failure().isEmpty();
    }

    private static void end(End end, CacheFence<String> fence, String key) {
        switch (end) {
            case COMMIT -> fence.commit();
            case STORE ->
                assertThat(fence.store(key, "row 2") || !isAcknowledged(fence)).isTrue();
            case ROLL_BACK -> fence.rollBack();
            case CRASH -> redis.getSyncClient().pexpire(Interleavings.redisKey(key), 0);
        }
    }
}
