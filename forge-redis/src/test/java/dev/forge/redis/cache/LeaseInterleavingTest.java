package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every interleaving of a reader that misses and a writer that invalidates, for every way to invalidate. */
class LeaseInterleavingTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final List<String> READER = List.of("misses", "loads", "publishes");
    private static final List<String> WRITER = List.of("commits", "invalidates");

    private static RedisManager redis;

    @BeforeAll
    static void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterAll
    static void close() {
        redis.close();
    }

    enum Invalidation {
        CACHE,
        TAG,
        PATTERN,
        FOREIGN_DEL,
        FOREIGN_SET
    }

    static Stream<Arguments> orders() {
        List<Arguments> all = new ArrayList<>();
        for (Invalidation way : Invalidation.values()) {
            merged(List.of(), READER, WRITER).forEach(order -> all.add(Arguments.of(way, order, false)));
            // The same with a stale value that is refreshed.
            merged(List.of(), READER, WRITER).forEach(order -> all.add(Arguments.of(way, order, true)));
        }
        return all.stream();
    }

    private static Stream<List<String>> merged(List<String> done, List<String> one, List<String> other) {
        if (one.isEmpty() && other.isEmpty()) {
            return Stream.of(done);
        }
        return Stream.concat(
                one.isEmpty() ? Stream.of() : merged(plus(done, one.get(0)), one.subList(1, one.size()), other),
                other.isEmpty() ? Stream.of() : merged(plus(done, other.get(0)), one, other.subList(1, other.size())));
    }

    private static List<String> plus(List<String> list, String last) {
        return Stream.concat(list.stream(), Stream.of(last)).toList();
    }

    @ParameterizedTest
    @MethodSource("orders")
    void neverEndsWithAnOldValue(Invalidation way, List<String> order, boolean stale) throws Exception {
        String key = way + order.toString() + stale;
        Cache<String> cache = Cache.builder(redis, "rows", String.class)
                .staleFor(Duration.ofMinutes(1))
                .options(row -> EntryOptions.NONE.tags(key))
                .build();
        if (stale) {
            cache.put(key, "row 0");
            redis.getSyncClient().pexpire(redisKey(key), 30_000);
        }
        Row row = new Row();
        CountDownLatch missed = new CountDownLatch(1);
        CountDownLatch mayLoad = new CountDownLatch(1);
        CountDownLatch loaded = new CountDownLatch(1);
        CountDownLatch mayPublish = new CountDownLatch(1);
        CompletableFuture<Void> published = new CompletableFuture<>();
        CompletableFuture<Void> read = new CompletableFuture<>();

        for (String step : order) {
            switch (step) {
                case "misses" -> {
                    cache.getAsync(key, k -> {
                                missed.countDown();
                                mayLoad.await();
                                String value = row.value;
                                loaded.countDown();
                                mayPublish.await();
                                published.complete(null);
                                return Optional.of(value);
                            })
                            .whenComplete((value, failure) -> read.complete(null));
                    if (!missed.await(10, TimeUnit.SECONDS)) {
                        throw new AssertionError("the reader should have missed");
                    }
                }
                case "loads" -> {
                    mayLoad.countDown();
                    loaded.await();
                }
                case "publishes" -> {
                    mayPublish.countDown();
                    published.get(10, TimeUnit.SECONDS);
                    read.get(10, TimeUnit.SECONDS);
                    // A refresh publishes in the background: it has ended when its lease has.
                    awaitNoLease(cache, key);
                }
                case "commits" -> row.value = "row 2";
                default -> invalidate(cache, way, key);
            }
        }

        assertThat(cache.get(key, k -> Optional.of(row.value))).contains("row 2");
        assertThat(cache.getAll(List.of(key), keys -> Map.of(key, row.value))).containsEntry(key, "row 2");
    }

    /** The same for a reader that loads between a look-up and a store. */
    @ParameterizedTest
    @MethodSource("orders")
    void neverEndsWithAnOldValueThatACallerLoaded(Invalidation way, List<String> order, boolean stale) {
        String key = "caller " + way + order + stale;
        Cache<String> cache = Cache.builder(redis, "rows", String.class)
                .staleFor(Duration.ofMinutes(1))
                .options(row -> EntryOptions.NONE.tags(key))
                .build();
        if (stale) {
            cache.put(key, "row 0");
            redis.getSyncClient().pexpire(redisKey(key), 30_000);
        }
        String row = "row 1";
        String read = "nothing";
        CacheLookup<String> found = new CacheLookup.Absent<>();

        for (String step : order) {
            switch (step) {
                case "misses" -> found = cache.lookup(key);
                case "loads" -> read = row;
                case "publishes" -> {
                    assertThat(found).isInstanceOf(CacheMiss.class);
                    ((CacheMiss<String>) found).store(read);
                }
                case "commits" -> row = "row 2";
                default -> invalidate(cache, way, key);
            }
        }

        String now = row;
        assertThat(cache.get(key, k -> Optional.of(now))).contains("row 2");
        assertThat(cache.getAll(List.of(key), keys -> Map.of(key, now))).containsEntry(key, "row 2");
    }

    private static final class Row {
        private volatile String value = "row 1";
    }

    private static void awaitNoLease(Cache<String> cache, String key) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> switch (cache.explain(key).state()) {
                    case LEASE, LEASE_BESIDE_VALUE -> false;
                    default -> true;
                });
    }

    private static void invalidate(Cache<String> cache, Invalidation way, String key) {
        switch (way) {
            case CACHE -> cache.invalidate(key);
            case TAG -> cache.invalidateTag(key);
            case PATTERN -> cache.clear();
            case FOREIGN_DEL -> redis.getSyncClient().del(redisKey(key));
            case FOREIGN_SET -> redis.getSyncClient().set(redisKey(key), "anything");
        }
    }

    private static String redisKey(String key) {
        return new dev.forge.redis.key.Keyspace("rows").key(key);
    }
}
