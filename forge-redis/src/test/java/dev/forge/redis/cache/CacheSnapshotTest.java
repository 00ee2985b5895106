package dev.forge.redis.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.codec.Codec;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that are read from snapshots of the source, which may be older than a change. */
class CacheSnapshotTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static RedisManager redis;
    private static Cache<String> cache;

    @BeforeAll
    static void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        cache = cache(LONGEST);
    }

    @AfterAll
    static void close() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.getSyncClient().flushall();
    }

    private static Cache<String> cache(Duration longest) {
        return Cache.builder(redis, "texts", String.class)
                .longestSnapshot(() -> longest)
                .build();
    }

    private static CacheMiss<String> miss(Cache<String> of) {
        return (CacheMiss<String>) of.lookup("1");
    }

    static Stream<Consumer<Cache<String>>> changes() {
        return Stream.of(
                each -> each.invalidate("1"),
                each -> each.fence(List.of("1")).commit(),
                each -> {
                    each.fence(List.of("1")).store("1", "new");
                    redis.getSyncClient().del("texts::1");
                },
                each -> {
                    each.put("1", "new");
                    redis.getSyncClient().del("texts::1");
                },
                Cache::clear,
                each -> each.invalidateMatching(KeyPattern.of("1*")),
                each -> each.invalidateTag("tag"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatASnapshotFromBeforeAChangeShowsIsNotStored(Consumer<Cache<String>> change) {
        Snapshot before = Snapshot.begin();

        change.accept(cache);

        CacheMiss<String> old = miss(cache);
        assertThat(old.readFrom(before)).isFalse();
        assertThat(old.store("old")).isFalse();
        // The lease was given up.
        await().until(() -> cache.explain("1").state() == Explanation.State.NOTHING);
        assertThat(miss(cache).readFrom(Snapshot.unknown())).isFalse();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatASnapshotFromAfterAChangeShowsIsStored(Consumer<Cache<String>> change) {
        change.accept(cache);
        await().pollDelay(Duration.ofMillis(20)).until(() -> true);
        Snapshot after = Snapshot.begin();

        CacheMiss<String> miss = miss(cache);

        assertThat(miss.readFrom(after)).isTrue();
        assertThat(miss.store("new")).isTrue();
    }

    @Test
    void keysThatHaveNotChangedAreStoredUnlessTheSnapshotIsTooOld() {
        Snapshot begin = Snapshot.begin();
        cache.invalidate("2");

        for (Snapshot snapshot : List.of(begin, Snapshot.unknown())) {
            CacheMiss<String> miss = miss(cache);
            assertThat(miss.readFrom(snapshot)).isTrue();
            assertThat(miss.store("loaded")).isTrue();
            redis.getSyncClient().del("texts::1");
        }
        await().until(() -> cache.explain("1").state() == Explanation.State.NOTHING);

        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        assertThat(miss(cache(Duration.ofMillis(40))).readFrom(begin)).isFalse();
    }

    @Test
    void withoutMarksNothingIsStoredFromASnapshotAndChangesLeaveNone() {
        Cache<String> none = cache(Duration.ZERO);

        none.invalidate("1");

        assertThat(redis.getSyncClient().keys("*")).isEmpty();
        assertThat(miss(none).readFrom(Snapshot.begin())).isFalse();
    }

    @Test
    void putsAreEncodedOnTheThreadOfTheirCaller() {
        List<Thread> encoding = new CopyOnWriteArrayList<>();
        Cache<String> marked = Cache.builder(redis, "texts", new Codec<String>() {
                    @Override
                    public byte[] encode(String value) {
                        encoding.add(Thread.currentThread());
                        return value.getBytes(UTF_8);
                    }

                    @Override
                    public String decode(byte[] bytes) {
                        return new String(bytes, UTF_8);
                    }
                })
                .longestSnapshot(() -> LONGEST)
                .build();

        marked.putAsync("1", "new").join();

        assertThat(encoding).containsExactly(Thread.currentThread());
    }
}
