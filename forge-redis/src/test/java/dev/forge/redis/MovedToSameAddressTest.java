package dev.forge.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.tracking.TrackedRead;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a node redirects a command to its own address, Forge reconnects and sends the command again. */
@Tag("slow")
class MovedToSameAddressTest {

    private static final String KEY = "key";

    private MovedFront front;
    private RedisManager redis;

    @BeforeEach
    void start() {
        front = new MovedFront(KEY, EmbeddedRedisCluster.slotOf(KEY));
        await().atMost(Promises.PATIENCE)
                .until(() -> front.server().command("CLUSTER", "INFO").contains("cluster_state:ok"));
        redis = RedisManager.create(
                RedisSettings.builder(front.url()).poolSize(0).build());
        redis.initializeSync();
        redis.setSync(KEY, "value");
    }

    @AfterEach
    void stop() {
        redis.close();
        front.close();
    }

    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "2, false"})
    void resendsUnexecutedCommandsOnANewConnection(int times, boolean closes) {
        int before = front.connections();
        front.move(times, closes);
        redis.setSync(KEY, "new");

        assertThat(front.server().command("GET", KEY)).isEqualTo("new");
        assertThat(front.moved()).isEqualTo(times);
        assertThat(front.connections() - before).isEqualTo(times);

        front.move(times, closes);

        assertThat(redis.getSync(KEY)).contains("new");
        assertThat(front.moved()).isEqualTo(2 * times);
    }

    @Test
    void makesOneNewConnectionForAllRedirectedCalls() {
        int before = front.connections();
        front.move(100, false);

        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            writes.add(redis.setAsync(KEY, "value " + i));
        }

        assertThat(writes).allSatisfy(write -> assertThat(write).succeedsWithin(Promises.PATIENCE));
        assertThat(front.moved()).isEqualTo(100);
        assertThat(front.connections() - before).isEqualTo(1);
    }

    @Test
    void failsACallThatIsRedirectedRepeatedly() {
        int before = front.connections();
        front.move(Integer.MAX_VALUE, false);

        Throwable refused = catchThrowable(() -> redis.setSync(KEY, "new"));

        assertThat(refused)
                .isInstanceOfSatisfying(
                        RedisRefusedException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(RefusalReason.MOVED));
        assertThat(front.connections() - before).isBetween(1, 5);
        assertThat(redis.getSync("other")).isEmpty();
    }

    @Test
    void replacesTheTrackingConnection() {
        await().atMost(Promises.PATIENCE)
                .until(() -> CoreAccess.coreOf(redis).tracking().epochOf(KEY) != null);
        TrackingEpoch epoch = requireNonNull(CoreAccess.coreOf(redis).tracking().epochOf(KEY));
        PipelinedConnection connection = requireNonNull(epoch.pipeline());
        int before = front.connections();
        front.move(1, false);

        TrackedRead read = CoreAccess.coreOf(redis).tracking().read(epoch, KEY).join();

        assertThat(read.bytes()).contains("value".getBytes(US_ASCII));
        assertThat(read.isTracked()).isFalse();
        assertThat(epoch.isTrusted(System.nanoTime())).isFalse();
        assertThat(connection.isOpen()).isFalse();
        await().atMost(Promises.PATIENCE)
                .until(() -> CoreAccess.coreOf(redis).tracking().epochOf(KEY) != null);
        assertThat(front.connections() - before).isEqualTo(1);
    }
}
