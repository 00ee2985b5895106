package dev.forge.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheFence;
import dev.forge.redis.cache.CacheMiss;
import dev.forge.redis.cache.Snapshot;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.ReadFrom;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import dev.forge.redis.test.ServerState;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTest extends ClusterFixture {

    @Test
    void findsKeysOnEveryNode() {
        for (int i = 0; i < 100; i++) {
            redis.setSync("key:" + i, "value " + i);
        }

        for (int i = 0; i < 100; i++) {
            assertThat(redis.getSync("key:" + i)).contains("value " + i);
        }
    }

    @Test
    void readsAndDeletesKeysOfManySlotsInOneCall() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            keys.add("many:" + i);
        }
        CompletableFuture.allOf(
                        keys.stream().map(key -> redis.setAsync(key, key)).toArray(CompletableFuture[]::new))
                .join();

        List<Optional<byte[]>> values = SyncCore.of(redis).getAllBytes(keys);

        assertThat(values)
                .extracting(value -> new String(value.orElseThrow(), UTF_8))
                .isEqualTo(keys);
        assertThat(redis.deleteSync(keys)).isEqualTo(1_000);
        assertThat(SyncCore.of(redis).getAllBytes(keys))
                .allSatisfy(value -> assertThat(value).isEmpty());
    }

    @Test
    void deletesByPatternOnEveryPrimary() {
        for (int i = 0; i < 1_000; i++) {
            redis.setAsync("user:" + i, "v");
            redis.setAsync("other:" + i, "v");
        }
        redis.setSync("user:last", "v");

        assertThat(redis.deletePatternSync("user:*")).isEqualTo(1_001);
        assertThat(redis.getSync("other:999")).isPresent();
    }

    @Test
    void followsASlotThatMoves() {
        redis.setSync("moving", "1");
        int slot = EmbeddedRedisCluster.slotOf("moving");
        var from = cluster.primaryOf("moving");
        var to = otherThan(from);

        cluster.beginMove(slot, to);
        assertThat(redis.getSync("moving")).contains("1");
        cluster.moveKey("moving");
        assertThat(redis.getSync("moving")).contains("1");
        redis.setSync("moving", "2");
        cluster.finishMove(slot);

        assertThat(redis.getSync("moving")).contains("2");
        cluster.moveSlot(slot, from);
        assertThat(redis.getSync("moving")).contains("2");
    }

    @Test
    void countsACallThatIsSentToTheNodeOfAMovingSlotOnce() {
        int slot = EmbeddedRedisCluster.slotOf("{asked}");
        redis.setSync("{asked}", "1");
        var from = cluster.primaryOf("{asked}");
        cluster.beginMove(slot, otherThan(from));

        for (int i = 0; i < 5; i++) {
            assertThat(redis.getAsync("{asked}:missing" + i)).succeedsWithin(Promises.PATIENCE);
        }

        assertThat(redis.connectionStats().inFlight()).isZero();
        cluster.moveKey("{asked}");
        cluster.finishMove(slot);
        cluster.moveSlot(slot, from);
    }

    @Test
    void keepsTheOrderOfAThreadWhileItOpens() {
        for (int round = 0; round < 10; round++) {
            try (RedisManager opening = RedisManager.create(RedisSettings.of(cluster.url()))) {
                List<CompletableFuture<Void>> writes = new ArrayList<>();
                do {
                    writes.add(opening.setAsync("key", String.valueOf(writes.size())));
                    LockSupport.parkNanos(20_000);
                } while (writes.stream().noneMatch(CompletableFuture::isDone));

                assertThat(writes).allSatisfy(write -> assertThat(write).succeedsWithin(Promises.PATIENCE));
                assertThat(redis.getSync("key")).contains(String.valueOf(writes.size() - 1));
            }
        }
    }

    @Test
    void readsAndDeletesKeysOfASlotThatStaysHalfMoved() {
        List<String> keys = List.of("{half}:1", "{half}:2", "{half}:3", "{half}:4", "elsewhere");
        keys.forEach(key -> redis.setSync(key, key));
        halfMoved(List.of("{half}:1", "{half}:3"), () -> {
            List<Optional<byte[]>> values = SyncCore.of(redis)
                    .getAllBytes(List.of("{half}:1", "{half}:2", "{half}:none", "{half}:3", "elsewhere"));
            assertThat(values)
                    .extracting(value ->
                            value.map(bytes -> new String(bytes, UTF_8)).orElse("none"))
                    .containsExactly("{half}:1", "{half}:2", "none", "{half}:3", "elsewhere");

            assertThat(redis.deleteSync("{half}:1", "{half}:2", "{half}:none", "elsewhere"))
                    .isEqualTo(3);
            assertThat(redis.deletePatternSync("{half}:*")).isEqualTo(2);
            assertThat(keys).allSatisfy(key -> assertThat(redis.getSync(key)).isEmpty());
        });
    }

    @Test
    void runsAScriptInPartsOnKeysOfASlotThatStaysHalfMoved() {
        LuaScript remove = LuaScript.of("remove", "return redis.call('UNLINK', unpack(KEYS))");
        List<String> keys = List.of("{half}:1", "{half}:2", "{half}:3");
        keys.forEach(key -> redis.setSync(key, key));
        halfMoved(List.of("{half}:1", "{half}:3"), () -> {
            assertThat(CoreAccess.coreOf(redis).evalInParts(remove, keys))
                    .succeedsWithin(Promises.PATIENCE)
                    .isEqualTo(3L);
            assertThat(keys).allSatisfy(key -> assertThat(redis.getSync(key)).isEmpty());
        });
    }

    @Test
    void saysWhyAScriptHasNoResultWhileItsSlotStayedHalfMoved() {
        LuaScript both = LuaScript.of("both", "return redis.call('INCR', KEYS[1]) + redis.call('INCR', KEYS[2])");
        redis.setSync("{half}:1", "1");
        redis.setSync("{half}:2", "1");
        try (RedisManager hasty = RedisManager.create(RedisSettings.builder(cluster.url())
                .socketTimeout(Duration.ofSeconds(1))
                .build())) {
            hasty.initializeSync();
            // Whether the last try is under way then is chance.
            halfMoved(
                    List.of("{half}:1"),
                    () -> assertThatThrownBy(() -> hasty.evalSync(both, List.of("{half}:1", "{half}:2"), List.of()))
                            .isInstanceOfAny(RedisUnavailableException.class, RedisOutcomeUnknownException.class)
                            .hasMessageContaining("TRYAGAIN Multiple keys request during rehashing of slot"));
        }
        assertThat(redis.getSync("{half}:2")).contains("1");
    }

    /** Runs {@code action} while the slot of {@code moved} is being moved, and they alone of its keys have been. */
    private static void halfMoved(List<String> moved, Runnable action) {
        int slot = EmbeddedRedisCluster.slotOf(moved.get(0));
        EmbeddedRedis from = cluster.primaryOf(moved.get(0));
        cluster.beginMove(slot, otherThan(from));
        moved.forEach(cluster::moveKey);
        try {
            action.run();
        } finally {
            cluster.finishMove(slot);
            cluster.moveSlot(slot, from);
        }
    }

    @Test
    void readsFromReplicasIfConfigured() {
        redis.setSync("replicated", "1");
        EmbeddedRedis replica = cluster.replicaOf(cluster.primaryOf("replicated"));
        try (RedisManager reader = RedisManager.create(
                RedisSettings.builder(cluster.url()).readFrom(ReadFrom.REPLICA).build())) {
            reader.initializeSync();
            long before = ServerStats.calls("get", replica);

            await().atMost(Duration.ofSeconds(10))
                    .until(() ->
                            reader.getSync("replicated").isPresent() && ServerStats.calls("get", replica) > before);
        }
    }

    @Test
    void readsFromThePrimaryWhileAReplicaCannotServe() {
        redis.setSync("replicated", "1");
        EmbeddedRedis replica = cluster.replicaOf(cluster.primaryOf("replicated"));
        try (RedisManager reader = RedisManager.create(
                RedisSettings.builder(cluster.url()).readFrom(ReadFrom.REPLICA).build())) {
            await().atMost(Promises.PATIENCE)
                    .until(() -> reader.getSync("replicated").isPresent() && ServerStats.calls("get", replica) > 0);

            replica.enter(ServerState.LOADING);
            await().atMost(Promises.PATIENCE)
                    .until(() -> reader.getSync("replicated").isPresent() && ServerStats.refused("get", replica) > 0);
            for (int i = 0; i < 100; i++) {
                assertThat(reader.getSync("replicated")).contains("1");
                Promises.pause(Duration.ofMillis(5));
            }
            // One read in a second finds out whether it serves again.
            assertThat(ServerStats.refused("get", replica)).isLessThan(50);

            replica.recover();
            long before = ServerStats.calls("get", replica);
            await().atMost(Promises.PATIENCE)
                    .until(() ->
                            reader.getSync("replicated").isPresent() && ServerStats.calls("get", replica) > before);
        }
    }

    @Test
    void doesNotAskAReplicaWhetherAKeyHasChanged() {
        EmbeddedRedis replica = cluster.replicaOf(cluster.primaryOf("{marked:.changed}"));
        try (RedisManager reader = RedisManager.create(
                RedisSettings.builder(cluster.url()).readFrom(ReadFrom.REPLICA).build())) {
            Cache<String> cache = Cache.builder(reader, "marked", String.class)
                    .longestSnapshot(() -> Duration.ofSeconds(30))
                    .build();
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                long before = ServerStats.calls("get", replica);
                reader.getSync("{marked:.changed}");
                return ServerStats.calls("get", replica) > before;
            });

            CacheMiss<String> miss = (CacheMiss<String>) cache.lookup("1");
            assertThat(miss.readFrom(Snapshot.begin())).isTrue();

            assertThat(ServerStats.calls("pttl", replica)).isZero();
        }
    }

    @Test
    void fencesAndInvalidatesKeysOfManySlotsInOneCall() {
        Cache<String> cache = Cache.builder(redis, "fenced", String.class)
                .longestSnapshot(() -> Duration.ofSeconds(30))
                .build();
        Snapshot before = Snapshot.begin();
        List<String> keys = IntStream.range(0, 50).mapToObj(Integer::toString).toList();
        keys.forEach(key -> cache.put(key, "old"));

        CacheFence<String> rolledBack = cache.fence(keys);
        assertThat(rolledBack.failure()).isEmpty();
        assertThat(keys).allSatisfy(key -> assertThat(cache.getIfPresent(key)).isEmpty());
        rolledBack.rollBack();
        assertThat(keys).allSatisfy(key -> assertThat(cache.getIfPresent(key)).contains("old"));
        cache.fence(keys).commit();
        assertThat(keys).allSatisfy(key -> assertThat(cache.getIfPresent(key)).isEmpty());

        assertThat(cache.lookup("1"))
                .isInstanceOfSatisfying(
                        CacheMiss.class,
                        miss -> assertThat(miss.readFrom(before)).isFalse());
        keys.forEach(key -> cache.put(key, "new"));
        assertThat(cache.invalidate(keys.toArray(String[]::new))).isEqualTo(50);
    }

    @Test
    void runsAScriptOnTheNodeOfItsKey() {
        LuaScript increment = LuaScript.of("increment", "return redis.call('INCR', KEYS[1])");

        for (int i = 0; i < 20; i++) {
            assertThat(redis.evalSync(increment, List.of("counter:" + i), List.of())
                            .asLong())
                    .isEqualTo(1);
        }
    }

    @Test
    void runsAScriptOnceWhileItsSlotMoves() {
        LuaScript increment = LuaScript.of("increment", "return redis.call('INCR', KEYS[1])");
        redis.evalSync(increment, List.of("moving"), List.of());
        int slot = EmbeddedRedisCluster.slotOf("moving");
        EmbeddedRedis from = cluster.primaryOf("moving");
        cluster.beginMove(slot, otherThan(from));
        cluster.moveKey("moving");

        long asked = redis.evalSync(increment, List.of("moving"), List.of()).asLong();
        cluster.finishMove(slot);
        long moved = redis.evalSync(increment, List.of("moving"), List.of()).asLong();

        assertThat(List.of(asked, moved)).containsExactly(2L, 3L);
        cluster.moveSlot(slot, from);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRYAGAIN the queue is full",
                "TRYAGAIN",
                "MOVED to another address",
                "MOVED 1 127.0.0.1:1",
                "ASK your administrator"
            })
    void runsAScriptOnceThatRepliesWithTheWordOfARedirect(String error) {
        LuaScript own = LuaScript.of("own", "redis.call('INCR', KEYS[1]) return redis.error_reply('" + error + "')");

        assertThatExceptionOfType(RedisRefusedException.class)
                .isThrownBy(() -> redis.evalSync(own, List.of("n"), List.of()))
                .withMessageContaining(error);

        assertThat(redis.getSync("n")).contains("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MOVED", "ASK"})
    void runsAScriptOnceThatRepliesWithARedirectToNoHost(String word) {
        String error = word + " " + EmbeddedRedisCluster.slotOf("n") + " ?:7001";
        LuaScript own = LuaScript.of("own", "redis.call('INCR', KEYS[1]) return redis.error_reply(ARGV[1])");

        assertThatExceptionOfType(RedisRefusedException.class)
                .isThrownBy(() -> redis.evalSync(own, List.of("n"), List.of(error.getBytes(UTF_8))))
                .withMessageContaining(error);

        assertThat(redis.getSync("n")).contains("1");
    }

    @Test
    void connectsToNoHostThatAScriptNames() throws Exception {
        LuaScript own = LuaScript.of("own", "redis.call('INCR', KEYS[1]) return redis.error_reply(ARGV[1])");
        try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String error = "MOVED " + EmbeddedRedisCluster.slotOf("n") + " 127.0.0.1:" + stranger.getLocalPort();

            assertThatExceptionOfType(RedisRefusedException.class)
                    .isThrownBy(() -> redis.evalSync(own, List.of("n"), List.of(error.getBytes(UTF_8))))
                    .withMessageContaining(error);

            stranger.setSoTimeout(1);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(stranger::accept);
        }
        assertThat(redis.getSync("n")).contains("1");
    }

    @Test
    void answersDirectCommandsOnEveryNode() {
        for (int i = 0; i < 20; i++) {
            redis.getSyncClient().set("direct:" + i, "v");
        }

        assertThat(redis.getSync("direct:19")).contains("v");
    }

    @Test
    void isAsHealthyAsItsWorstPrimary() {
        assertThat(redis.healthSync()).isInstanceOf(Health.Up.class);

        EmbeddedRedis full = cluster.primaryOf("a");
        full.command("CONFIG", "SET", "maxmemory", "1");
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(redis.healthSync())
                        .isInstanceOfSatisfying(
                                Health.ReadOnly.class,
                                health -> assertThat(health.reason()).isEqualTo(Health.Reason.OUT_OF_MEMORY)));
        full.command("CONFIG", "SET", "maxmemory", "0");

        full.freeze();
        await().atMost(Duration.ofSeconds(5)).until(() -> redis.healthSync() instanceof Health.Down);
        full.thaw();
        cluster.awaitReady(Duration.ofSeconds(30));
        await().atMost(Duration.ofSeconds(5)).until(() -> redis.healthSync() instanceof Health.Up);
    }
}
