package dev.forge.redis.internal.cache;

import static dev.forge.redis.cache.NearCaches.KEYS;
import static dev.forge.redis.cache.NearCaches.bytes;
import static dev.forge.redis.cache.NearCaches.key;
import static dev.forge.redis.cache.NearCaches.read;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.cache.NearCaches;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NearCacheTest {

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private RedisManager redis;
    private NearCache<String> near;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.builder(REDIS.url())
                .keyPrefix("app:")
                .nearMaxStaleness(Duration.ofSeconds(5))
                .build());
        near = new NearCache<>(CoreAccess.coreOf(redis), KEYS, 1_000, false, 0, key -> false);
        NearCaches.awaitTrust(redis);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void servesAValueWithoutAskingRedisAgain() throws Exception {
        SyncCore.of(redis).setBytes(KEYS.key("k"), bytes("v"), Duration.ofMinutes(1));
        assertThat(near.get("k")).isNull();

        assertThat(read(near, "k")).contains("v");

        assertThat(near.get("k")).isNotNull().isSameAs(near.get("k"));
        assertThat(held("k")).contains("v");
        assertThat(near.bypasses()).isZero();
    }

    @Test
    void allocatesNothingForAHit() throws Exception {
        SyncCore.of(redis).setBytes(KEYS.key("k"), bytes("v"), Duration.ofMinutes(1));
        read(near, "k");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int hits = 200_000;
        long bytes = Long.MAX_VALUE;
        // The first runs may allocate, while the code is being compiled.
        for (int round = 0; round < 20 && bytes > hits / 100; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < hits; i++) {
                if (near.get("k") == null) {
                    read(near, "k");
                }
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }

        assertThat(bytes).isLessThanOrEqualTo(hits / 100);
    }

    @Test
    void removesAValueThatAnyClientChanges() throws Exception {
        List<String> keys = List.of("plain", "a:b", "{x}*?[y]^\\z%41", "ümläut", "\u0001", "100%");
        for (String key : keys) {
            SyncCore.of(redis).setBytes(KEYS.key(key), bytes("v"), Duration.ofMinutes(1));
            assertThat(read(near, key)).contains("v");
        }

        for (String key : keys) {
            REDIS.server().command("SET", "app:" + KEYS.key(key), "other");

            await(key).atMost(Promises.PATIENCE).until(() -> near.get(key) == null);
            assertThat(read(near, key)).contains("other");
        }
    }

    @Test
    void keepsAbsenceUntilAValueIsWritten() throws Exception {
        assertThat(read(near, "later")).isEmpty();
        assertThat(held("later")).isEmpty();

        REDIS.server().command("SET", "app:" + KEYS.key("later"), "v");

        await().atMost(Promises.PATIENCE).until(() -> near.get("later") == null);
        assertThat(read(near, "later")).contains("v");
    }

    @Test
    void keepsNothingLongerThanTheCallerAllows() throws Exception {
        SyncCore.of(redis).setBytes(KEYS.key("k"), bytes("v"), Duration.ofMinutes(1));

        Fetched<String> fetched = near.fetch(key("k")).get(20, TimeUnit.SECONDS);
        near.keep(fetched, present("v", 100));
        Promises.pause(Duration.ofMillis(110));

        assertThat(near.get("k")).isNull();
    }

    @Test
    void keepsNothingThatTheCallerDrops() throws Exception {
        near.drop(near.fetch(key("k")).get(20, TimeUnit.SECONDS));

        assertThat(near.get("k")).isNull();
        assertThat(near.size()).isZero();
    }

    @Test
    void keepsNothingForgottenDuringTheFetch() throws Exception {
        Fetched<String> one = near.fetch(key("one")).get(20, TimeUnit.SECONDS);
        Fetched<String> other = near.fetch(key("other")).get(20, TimeUnit.SECONDS);
        near.forget(key("one"));
        near.keep(one, present("old", 60_000));
        near.forgetAll();
        near.keep(other, present("old", 60_000));

        assertThat(near.get("one")).isNull();
        assertThat(near.get("other")).isNull();
        assertThat(near.discarded()).isEqualTo(2);
    }

    @Test
    void isBounded() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            read(near, "many:" + i);
        }

        assertThat(near.size()).isLessThanOrEqualTo(1_000);
    }

    @Test
    void retainsNoLostConnection() throws Exception {
        read(near, "k");
        WeakReference<PipelinedConnection> lost = lostConnection();

        await().atMost(Promises.PATIENCE).until(() -> {
            System.gc();
            return lost.get() == null;
        });

        assertThat(near.size()).isEqualTo(1);
    }

    private WeakReference<PipelinedConnection> lostConnection() {
        TrackingEpoch epoch = requireNonNull(CoreAccess.coreOf(redis).tracking().epochOf(KEYS.key("k")));
        PipelinedConnection connection = requireNonNull(epoch.pipeline());
        connection.close();
        return new WeakReference<>(connection);
    }

    @Test
    void ignoresChangesInOtherKeyspaces() throws Exception {
        Keyspace nearBy = new Keyspace("near:by");
        NearCache<String> other = new NearCache<>(CoreAccess.coreOf(redis), nearBy, 10, false, 0, key -> false);
        SyncCore.of(redis).setBytes(KEYS.key("k"), bytes("v"), Duration.ofMinutes(1));
        SyncCore.of(redis).setBytes("near:by::k", bytes("w"), Duration.ofMinutes(1));
        read(near, "k");
        read(other, CacheKey.of(nearBy, "k"));

        REDIS.server().command("SET", "app:near:by::k", "x");

        await().atMost(Promises.PATIENCE).until(() -> other.get("k") == null);
        assertThat(held("k")).contains("v");
    }

    @Test
    void bypassesTheNearCacheWithoutTrackingPermission() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.builder()
                        .user("ada", "secret", "~*", "+@all", "-client", "+client|id")
                        .start();
                RedisManager limited =
                        RedisManager.create(RedisSettings.of("redis://ada:secret@127.0.0.1:" + server.port()))) {
            NearCache<String> off = new NearCache<>(CoreAccess.coreOf(limited), KEYS, 10, false, 0, key -> false);
            SyncCore.of(limited).setBytes(KEYS.key("k"), bytes("v"), Duration.ofMinutes(1));

            assertThat(read(off, "k")).contains("v");

            assertThat(off.get("k")).isNull();
            assertThat(off.bypasses()).isEqualTo(1);
        }
    }

    private static LookupResult.Present<String> present(String value, long freshMillis) {
        return new LookupResult.Present<>(Optional.of(value), freshMillis, 0, true);
    }

    private Optional<String> held(String key) {
        return requireNonNull(near.get(key)).value();
    }
}
