package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.codec.JsonCodec;
import dev.forge.redis.internal.cache.Entry;
import dev.forge.redis.internal.cache.EntryCodec;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.StoreCheck;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two managers represent two processes: they share nothing but the server. */
@Tag("slow")
class CacheProcessesTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private RedisManager here;
    private RedisManager there;

    @BeforeEach
    void connect() {
        here = RedisManager.create(RedisSettings.of(SERVER.url()));
        there = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private static Cache<String> cache(RedisManager redis) {
        return Cache.builder(redis, "texts", String.class).build();
    }

    @Test
    void loadsOnceForManyProcesses() throws Exception {
        Cache<String> one = cache(here);
        Cache<String> other = cache(there);
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Loader<String> loader = key -> {
            loads.incrementAndGet();
            loading.countDown();
            release.await();
            return Optional.of("value");
        };
        CompletableFuture<Optional<String>> first = one.getAsync("1", loader);
        loading.await();
        CompletableFuture<Optional<String>> second = other.getAsync("1", loader);
        CompletableFuture<Map<String, String>> third = other.getAllAsync(List.of("1", "2"), keys -> {
            loads.addAndGet(keys.contains("1") ? 1 : 0);
            return Map.of("1", "another", "2", "two");
        });
        await().atMost(PATIENCE)
                .until(() -> other.stats().waits() + other.stats().joins() >= 2);
        // A look-up of another key does not wait.
        assertThat(other.get("3", key -> Optional.of("three"))).contains("three");

        release.countDown();

        assertThat(first.get()).contains("value");
        assertThat(second.get()).contains("value");
        assertThat(third.get()).isEqualTo(Map.of("1", "value", "2", "two"));
        assertThat(loads).hasValue(1);
    }

    @Test
    void takesOverFromAProcessThatDied() {
        Cache<String> other = cache(there);
        byte[] token = Entry.newToken();
        long ends = System.currentTimeMillis() + Leases.TTL.toMillis();
        SyncCore.of(here).setBytes("texts::1", Leased.entry(token, ends, 0, new byte[0]), Leases.TTL);

        assertThat(other.get("1", key -> Optional.of("mine"))).contains("mine");

        assertThat(other.stats().waits()).isEqualTo(1);
        assertThat(other.getIfPresent("1")).contains("mine");
    }

    @Test
    void takesOverAStaleValueFromAProcessThatDied() {
        Cache<String> other = Cache.builder(there, "texts", String.class)
                .staleFor(Duration.ofMinutes(2))
                .build();
        long ends = System.currentTimeMillis() + 60_000;
        SyncCore.of(here).setBytes("texts::1", Leased.entry(Entry.newToken(), 1, ends, old()), Duration.ofMinutes(1));

        assertThat(other.get("1", key -> Optional.of("new"))).contains("old");

        await().atMost(PATIENCE).until(() -> other.getIfPresent("1").equals(Optional.of("new")));
    }

    @Test
    void restoresTheValueBesideALeaseWhenTheLoadFails() {
        Cache<String> other = cache(there);
        long ends = System.currentTimeMillis() + 60_000;
        SyncCore.of(here).setBytes("texts::1", Leased.entry(Entry.newToken(), 1, ends, old()), Duration.ofMinutes(1));

        assertThatIllegalStateException()
                .isThrownBy(() -> other.get("1", key -> {
                    throw new IllegalStateException("the database is away");
                }));

        await().atMost(PATIENCE).until(() -> other.explain("1").state() == Explanation.State.VALUE);
        assertThat(other.getIfPresent("1")).contains("old");
    }

    @Test
    void servesTheValueBesideALeaseOnlyUntilItExpires() {
        Cache<String> early =
                Cache.builder(there, "texts", String.class).earlyRefresh().build();
        long now = System.currentTimeMillis();
        byte[] lease = Leased.entry(Entry.newToken(), now + 60_000, now + 1_000, old());
        SyncCore.of(here).setBytes("texts::1", lease, Duration.ofMinutes(1));

        await().atMost(PATIENCE).until(() -> early.getIfPresent("1").isEmpty());

        assertThat(SyncCore.of(here).pttl("texts::1")).isGreaterThan(30_000);
    }

    private static byte[] old() {
        JsonCodec<String> codec = JsonCodec.of(String.class);
        StoreCheck<String> check = new StoreCheck<>("texts", codec, new LongAdder());
        return requireNonNull(
                new EntryCodec<>("texts", codec, 1_000, 1_000, check).encode("old", Duration.ofMillis(5), null));
    }

    @Test
    void renewsTheLeaseOfALongLoad() throws Exception {
        Cache<String> one = cache(here);
        Cache<String> other = cache(there);
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Optional<String>> first = one.getAsync("1", key -> {
            loading.countDown();
            release.await();
            return Optional.of("value");
        });
        loading.await();
        CompletableFuture<Optional<String>> second = other.getAsync("1", key -> Optional.of("loaded twice"));
        CompletableFuture<Void> longer = new CompletableFuture<>();
        longer.completeOnTimeout(null, Leases.TTL.toMillis() * 3 / 2, TimeUnit.MILLISECONDS)
                .join();

        release.countDown();

        assertThat(first.get()).contains("value");
        assertThat(second.get()).contains("value");
    }

    @Test
    void givesTheLeaseUpAtOnceWhenALoadFails() {
        assertThat(CompletableFuture.supplyAsync(() -> cache(here).get("1", key -> {
                    throw new IllegalStateException("no");
                })))
                .failsWithin(PATIENCE);

        assertThat(cache(there).explain("1").state()).isEqualTo(Explanation.State.NOTHING);
    }

    private record Before(long id, String name) {}

    private record After(long id, String name, String mail) {}

    private record Renamed(long id, String name) {}

    @Test
    void letsTwoReleasesShareACache() {
        Cache<Before> before = Cache.builder(here, "users", Before.class).build();
        Cache<After> after = Cache.builder(there, "users", After.class).build();
        for (int i = 0; i < 5; i++) {
            assertThat(before.get("1", key -> Optional.of(new Before(1, "Ada"))))
                    .contains(new Before(1, "Ada"));
            assertThat(after.get("1", key -> Optional.of(new After(1, "Ada", "a@b"))))
                    .contains(new After(1, "Ada", "a@b"));
        }
        assertThat(after.stats().unreadable()).isEqualTo(5);
        before.put("2", new Before(2, "Bo"));

        assertThat(Cache.builder(there, "users", Renamed.class).build().getIfPresent("2"))
                .contains(new Renamed(2, "Bo"));
    }
}
