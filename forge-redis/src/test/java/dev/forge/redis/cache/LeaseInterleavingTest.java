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
            Interleavings.of(List.of(READER, WRITER)).forEach(order -> all.add(Arguments.of(way, order, false)));
            // The same with a stale value that is refreshed.
            Interleavings.of(List.of(READER, WRITER)).forEach(order -> all.add(Arguments.of(way, order, true)));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("orders")
    void neverEndsWithAnOldValue(Invalidation way, List<String> order, boolean stale) throws Exception {
        String key = way + order.toString() + stale;
        Cache<String> cache = Interleavings.rows(redis)
                .options(row -> EntryOptions.NONE.tags(key))
                .build();
        if (stale) {
            Interleavings.putStale(cache, redis, key, "row 0");
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
        Cache<String> cache = Interleavings.rows(redis)
                .options(row -> EntryOptions.NONE.tags(key))
                .build();
        if (stale) {
            Interleavings.putStale(cache, redis, key, "row 0");
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

    static Stream<List<String>> ordersWithATransaction() {
        return Interleavings.of(List.of(
                List.of("transaction misses", "transaction loads", "transaction stores"),
                List.of("reader misses", "reader loads", "reader stores"),
                WRITER));
    }

    /** The same beside a transaction, whose lease the reader takes over. The invalidation is a fence in half of the orders. */
    @ParameterizedTest
    @MethodSource("ordersWithATransaction")
    void neverEndsWithAnOldValueThatATransactionLoaded(List<String> order) {
        String key = "transaction " + order;
        Cache<String> cache = Interleavings.rows(redis).build();
        boolean hasFence = order.hashCode() % 2 == 0;
        String row = "row 1";
        String[] read = {"nothing", "nothing"};
        List<CacheLookup<String>> found =
                new ArrayList<>(List.of(new CacheLookup.Absent<>(), new CacheLookup.Absent<>()));
        boolean readerHasStored = false;

        for (String step : order) {
            switch (step) {
                case "transaction misses" -> found.set(0, cache.lookup(key, LookupOptions.NONE.yielding()));
                case "transaction loads" -> read[0] = row;
                case "transaction stores" -> {
                    boolean stored = found.get(0) instanceof CacheMiss<String> miss && miss.store(read[0]);
                    assertThat(stored && readerHasStored).isFalse();
                }
                case "reader misses" -> found.set(1, cache.lookup(key));
                case "reader loads" -> read[1] = row;
                case "reader stores" ->
                    readerHasStored = found.get(1) instanceof CacheMiss<String> miss && miss.store(read[1]);
                case "commits" -> row = "row 2";
                default -> {
                    if (hasFence) {
                        cache.fence(List.of(key)).commit();
                    } else {
                        cache.invalidate(key);
                    }
                    readerHasStored = false;
                }
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
            case FOREIGN_DEL -> redis.getSyncClient().del(Interleavings.redisKey(key));
            case FOREIGN_SET -> redis.getSyncClient().set(Interleavings.redisKey(key), "anything");
        }
    }
}
