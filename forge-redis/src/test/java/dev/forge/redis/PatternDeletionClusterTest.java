package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PatternDeletionClusterTest {

    private static final Keyspace USERS = new Keyspace("users");
    private static final Keyspace OTHERS = new Keyspace("others");
    private static final KeyPattern ADA = KeyPattern.of("{}:*", "ada");
    private static final int FILLINGS = 20;
    private static final int MOVED = 100;

    private static EmbeddedRedisCluster cluster;
    private RedisManager redis;

    @BeforeAll
    static void start() {
        cluster = EmbeddedRedisCluster.builder().replicas(0).start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(cluster.url()));
        redis.initializeSync();
        // After slots have moved, nodes may refuse everything for a moment.
        await().atMost(Promises.PATIENCE)
                .until(() -> cluster.primaries().stream()
                        .allMatch(primary -> primary.command("CLUSTER", "INFO").contains("cluster_state:ok")));
    }

    @AfterEach
    void close() {
        redis.close();
        cluster.primaries().forEach(primary -> primary.command("FLUSHALL"));
    }

    @Test
    void reportsItsWorkOnEachPrimary() {
        write(USERS, 3_000);
        write(OTHERS, 300);

        DeletionReport report = redis.deletion(USERS, ADA).startSync();

        assertThat(report.removed()).isEqualTo(3_000);
        assertThat(report.nodes())
                .hasSize(3)
                .allSatisfy(node -> assertThat(node.removed()).isBetween(800L, 1_200L));
        assertThat(left(USERS, 3_000)).isZero();
        assertThat(left(OTHERS, 300)).isEqualTo(300);
    }

    @Test
    void leavesRoomForOthers() {
        write(USERS, 30_000);

        CompletableFuture<Long> deletion = redis.deletePatternAsync(USERS, ADA);
        int most = 0;
        while (!deletion.isDone()) {
            most = Math.max(most, redis.connectionStats().inFlight());
        }

        assertThat(deletion.join()).isEqualTo(30_000);
        // The window is 1,024. The counts of the nodes are read one after the other, so a command may be seen on two of
        // them, and some commands look for keys.
        assertThat(most).isBetween(1, 1_500);
    }

    @Test
    void findsKeysThatMoveToANodeAlreadyScanned() {
        // One node is slow, and the others finish soon: keys that move to them meanwhile have not been scanned.
        EmbeddedRedis full = cluster.primaryOf(USERS.key("ada:0"));
        EmbeddedRedis done = otherThan(full);
        for (int i = 0; i < FILLINGS; i++) {
            full.command("DEBUG", "POPULATE", "20000", "filling" + i);
        }
        write(USERS, MOVED);
        List<String> moving = IntStream.range(0, MOVED)
                .mapToObj(i -> USERS.key("ada:" + i))
                .filter(key -> cluster.primaryOf(key) == full)
                .limit(5)
                .toList();
        int moved = 0;

        CompletableFuture<DeletionReport> deletion = redis.deletion(USERS, ADA).startAsync();
        for (String key : moving) {
            if (!deletion.isDone()) {
                cluster.moveSlot(EmbeddedRedisCluster.slotOf(key), done);
                moved++;
            }
        }
        DeletionReport report = deletion.join();

        assertThat(moved).isPositive();
        assertThat(left(USERS, MOVED)).isZero();
        assertThat(report.removed()).isEqualTo(MOVED);
        assertThat(report.isComplete()).isTrue();
    }

    @Test
    void startsOverWhenSlotsHaveMovedSinceItStopped() {
        write(USERS, 3_000);
        String point = redis.deletion(USERS, ADA)
                .dryRun()
                .budget(Duration.ofNanos(1))
                .startSync()
                .resumePoint()
                .orElseThrow();
        for (int i = 0; i < 12; i++) {
            move(USERS.key("ada:" + i));
        }

        DeletionReport report = redis.deletion(USERS, ADA).resumeFrom(point).startSync();

        assertThat(report.isComplete()).isTrue();
        assertThat(left(USERS, 3_000)).isZero();
    }

    @Test
    void deletesTheKeysOfAHalfMovedSlot() {
        redis.setSync("half:{1}:a", "v");
        redis.setSync("half:{1}:b", "v");
        EmbeddedRedis from = cluster.primaryOf("{1}");
        int slot = EmbeddedRedisCluster.slotOf("{1}");
        cluster.beginMove(slot, otherThan(from));
        cluster.moveKey("half:{1}:a");

        assertThat(redis.deletePatternSync("half:*")).isEqualTo(2);

        cluster.finishMove(slot);
        assertThat(redis.getSync("half:{1}:a")).isEmpty();
        assertThat(redis.getSync("half:{1}:b")).isEmpty();
    }

    private void write(Keyspace keyspace, int count) {
        for (int from = 0; from < count; from += 1_000) {
            CompletableFuture.allOf(IntStream.range(from, Math.min(count, from + 1_000))
                            .mapToObj(i -> redis.setAsync(keyspace.key("ada:" + i), "v"))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
    }

    private long left(Keyspace keyspace, int count) {
        return SyncCore.of(redis)
                .getAllBytes(IntStream.range(0, count)
                        .mapToObj(i -> keyspace.key("ada:" + i))
                        .toList())
                .stream()
                .filter(value -> value.isPresent())
                .count();
    }

    /** Moves the slot of {@code key}, and with it the key, to another primary. */
    private static void move(String key) {
        cluster.moveSlot(EmbeddedRedisCluster.slotOf(key), otherThan(cluster.primaryOf(key)));
    }

    private static EmbeddedRedis otherThan(EmbeddedRedis node) {
        return cluster.primaries().stream()
                .filter(each -> each != node)
                .findFirst()
                .orElseThrow();
    }
}
