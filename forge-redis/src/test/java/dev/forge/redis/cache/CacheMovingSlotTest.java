package dev.forge.redis.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.ClusterFixture;
import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.ServerStats;
import dev.forge.redis.SyncCore;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Look-ups of keys whose slot is being moved, so that the node that has been asked refers to another one with ASK. */
class CacheMovingSlotTest extends ClusterFixture {

    private static final String IN_REDIS = "moving::key";

    @Test
    void keepsNoValueFromTheNodeThatSendsNoInvalidationOfIt() throws Exception {
        Cache<String> cache =
                Cache.builder(redis, "moving", String.class).nearCache(100).build();
        byte[] one = entry(cache, "one");
        byte[] two = entry(cache, "two");
        awaitNear(cache);
        cache.invalidate("key");
        int slot = EmbeddedRedisCluster.slotOf(IN_REDIS);
        EmbeddedRedis from = cluster.primaryOf(IN_REDIS);
        EmbeddedRedis to = otherThan(from);
        assumeThat(from.command("INFO", "server"))
                .as("CLUSTER SETSLOT of Valkey waits for the end of a pause, so that no slot can begin to move in one")
                .doesNotContain("valkey_version");

        // Scripts wait from here on, and reads do not.
        from.command("CLIENT", "PAUSE", "30000", "WRITE");
        CompletableFuture<Optional<String>> looking = cache.getAsync("key", missing -> Optional.of("loaded"));
        await().atMost(Promises.PATIENCE)
                .until(() -> from.command("INFO", "clients").contains("blocked_clients:1"));
        cluster.beginMove(slot, to);
        setWhileMoving(to, one);
        from.command("CLIENT", "UNPAUSE");
        assertThat(looking.get()).contains("one");
        setWhileMoving(to, two);

        await().atMost(redis.settings().nearMaxStaleness().multipliedBy(2))
                .until(() -> cache.getIfPresent("key").equals(Optional.of("two")));
        cluster.finishMove(slot);
        cluster.moveSlot(slot, from);
    }

    @Test
    void asksRarelyWhileItWaitsForAnotherProcess() throws Exception {
        Cache<String> cache = Cache.builder(redis, "moving", String.class).build();
        await().atMost(Promises.PATIENCE)
                .until(() -> CoreAccess.coreOf(redis).tracking().epochOf(IN_REDIS) != null);
        int slot = EmbeddedRedisCluster.slotOf(IN_REDIS);
        EmbeddedRedis from = cluster.primaryOf(IN_REDIS);
        EmbeddedRedis to = otherThan(from);
        cluster.beginMove(slot, to);

        try (RedisManager elsewhere = RedisManager.create(RedisSettings.of(cluster.url()))) {
            Cache<String> there =
                    Cache.builder(elsewhere, "moving", String.class).build();
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Optional<String>> loading = there.getAsync("key", missing -> {
                release.await();
                return Optional.of("loaded there");
            });
            await().atMost(Promises.PATIENCE).until(() -> there.explain("key").state() == Explanation.State.LEASE);
            CompletableFuture<Optional<String>> waiting = cache.getAsync("key", missing -> Optional.of("loaded here"));
            await().atMost(Promises.PATIENCE).until(() -> cache.stats().waits() == 1);
            long before = ServerStats.calls("get", to);
            Promises.pause(Duration.ofSeconds(1));
            long asked = ServerStats.calls("get", to) - before;
            release.countDown();

            assertThat(asked).isLessThan(150);
            assertThat(loading.get()).contains("loaded there");
            assertThat(waiting.get()).contains("loaded there");
        }
        cluster.finishMove(slot);
        cluster.moveSlot(slot, from);
    }

    private byte[] entry(Cache<String> cache, String value) {
        cache.put("key", value);
        return SyncCore.of(redis).getBytes(IN_REDIS).orElseThrow();
    }

    private static void awaitNear(Cache<String> cache) {
        await().atMost(Promises.PATIENCE).until(() -> {
            cache.getIfPresent("key");
            return cache.explain("key").near();
        });
    }

    /** Sets the key on a node that its slot is moving to, as a client does that was redirected with ASK. */
    private static void setWhileMoving(EmbeddedRedis node, byte[] value) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("ASKING\r\n*3\r\n$3\r\nSET\r\n$" + IN_REDIS.length() + "\r\n" + IN_REDIS + "\r\n$" + value.length
                            + "\r\n")
                    .getBytes(US_ASCII));
            out.write(value);
            out.write("\r\n".getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(10), US_ASCII))
                    .isEqualTo("+OK\r\n+OK\r\n");
        }
    }
}
