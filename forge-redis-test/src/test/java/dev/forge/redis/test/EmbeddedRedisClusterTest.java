package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.PortChoice;
import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedRedisClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @AutoClose
    private static EmbeddedRedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = EmbeddedRedisCluster.start();
    }

    @BeforeEach
    void everyTestLeavesAllNodesReady() {
        cluster.awaitReady(LIMIT);
    }

    @Test
    void isThreePrimariesWithAReplicaEach() {
        assertThat(cluster.nodes()).hasSize(6);
        assertThat(cluster.primaries()).hasSize(3);
        assertThat(cluster.primaries().stream().map(cluster::replicaOf))
                .hasSize(3)
                .doesNotHaveDuplicates();
        assertThat(cluster.url())
                .isEqualTo(cluster.nodes().stream()
                        .map(node -> "127.0.0.1:" + node.port())
                        .collect(Collectors.joining(",", "redis-cluster://", "")));
    }

    @Test
    void knowsTheNodeThatServesAKey() throws IOException {
        for (String key : IntStream.range(0, 20).mapToObj(Integer::toString).toList()) {
            for (EmbeddedRedis primary : cluster.primaries()) {
                String expected =
                        primary == cluster.primaryOf(key) ? ":0" : "-MOVED " + EmbeddedRedisCluster.slotOf(key) + " ";

                assertThat(Client.call(primary, "DEL", key)).startsWith(expected);
            }
        }
    }

    @Test
    void theReplicaOfAKilledPrimaryIsElectedAndHasItsData() throws IOException {
        EmbeddedRedis old = cluster.primaryOf("killed");
        EmbeddedRedis replica = cluster.replicaOf(old);
        write(old, "killed", "value");

        old.kill();
        assertThat(cluster.primaryOf("killed")).isSameAs(old);
        cluster.awaitWritable(LIMIT);

        assertThat(cluster.primaryOf("killed")).isSameAs(replica);
        assertThat(Client.call(replica, "GET", "killed")).isEqualTo("value");

        old.restart();
        cluster.awaitReady(LIMIT);
        assertThat(cluster.replicaOf(replica)).isSameAs(old);
        assertThat(Client.call(old, "CLUSTER", "COUNTKEYSINSLOT", slot("killed")))
                .isEqualTo(":1");
    }

    @Test
    void theReplicaOfAFrozenPrimaryIsElected() {
        EmbeddedRedis old = cluster.primaryOf("frozen");
        EmbeddedRedis replica = cluster.replicaOf(old);

        old.freeze();
        cluster.awaitWritable(LIMIT);

        assertThat(cluster.primaryOf("frozen")).isSameAs(replica);

        old.thaw();
        cluster.awaitReady(LIMIT);
        assertThat(cluster.replicaOf(replica)).isSameAs(old);
    }

    @Test
    void reportsWhatIsMissingWhileAPrimaryIsDown() {
        EmbeddedRedis primary = cluster.primaryOf("down");
        primary.freeze();
        try {
            assertThatThrownBy(() -> cluster.awaitWritable(Duration.ofMillis(100)))
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessageContaining("took longer than 100 ms")
                    .hasMessageContaining(primary.url() + " has slots and does not answer");
        } finally {
            primary.thaw();
        }
    }

    @Test
    void aPlannedFailoverSwapsAReplicaAndItsPrimary() throws IOException {
        EmbeddedRedis old = cluster.primaryOf("planned");
        EmbeddedRedis replica = cluster.replicaOf(old);
        write(old, "planned", "value");

        cluster.failOver(replica);

        assertThat(cluster.primaryOf("planned")).isSameAs(replica);
        assertThat(cluster.replicaOf(replica)).isSameAs(old);
        assertThat(Client.call(replica, "GET", "planned")).isEqualTo("value");
    }

    @Test
    void aReplicaTakesOverFromAFrozenPrimaryAtOnce() {
        EmbeddedRedis old = cluster.primaryOf("taken");
        EmbeddedRedis replica = cluster.replicaOf(old);
        old.freeze();

        cluster.takeOver(replica);

        assertThat(cluster.primaryOf("taken")).isSameAs(replica);
        old.thaw();
    }

    @Test
    void aSlotInMigrationAnswersAskAndTryAgain() throws IOException {
        EmbeddedRedis from = cluster.primaryOf("{held}");
        EmbeddedRedis to = otherThan(from);
        write(from, "{held}1", "one");
        write(from, "{held}2", "two");
        String ask = "-ASK " + slot("{held}") + " 127.0.0.1:" + to.port();

        cluster.beginMove(EmbeddedRedisCluster.slotOf("{held}"), to);

        assertThat(Client.call(from, "GET", "{held}1")).isEqualTo("one");
        assertThat(Client.call(from, "GET", "{held}3")).isEqualTo(ask);
        cluster.moveKey("{held}1");
        cluster.moveKey("{held}3");
        assertThat(Client.call(from, "GET", "{held}1")).isEqualTo(ask);
        assertThat(asking(to, "GET", "{held}1")).isEqualTo("one");
        assertThat(asking(to, "MGET", "{held}1", "{held}2")).startsWith("-TRYAGAIN");
        cluster.awaitWritable(LIMIT);

        cluster.finishMove(EmbeddedRedisCluster.slotOf("{held}"));

        assertThat(cluster.primaryOf("{held}")).isSameAs(to);
        assertThat(Client.call(to, "GET", "{held}2")).isEqualTo("two");
        assertThat(Client.call(from, "GET", "{held}2")).startsWith("-MOVED");
    }

    @Test
    void movesEveryKeyOfASlotWhateverItsBytes() throws IOException {
        int slot = EmbeddedRedisCluster.slotOf("{moved}");
        EmbeddedRedis from = cluster.primaryOf("{moved}");
        EmbeddedRedis to = otherThan(from);
        List<String> keys = IntStream.range(0, 256)
                .mapToObj(character -> "{moved}" + (char) character)
                .toList();
        try (RedisConnection connection = from.connect(LIMIT).inBytes()) {
            for (String key : keys) {
                assertThat(connection.call("SET", key, key)).isEqualTo("+OK");
            }
        }

        cluster.moveSlot(slot, to);
        cluster.moveSlot(slot, to);

        try (RedisConnection connection = to.connect(LIMIT).inBytes()) {
            for (String key : keys) {
                assertThat(connection.call("GET", key)).isEqualTo(key);
            }
        }
        assertThat(Client.call(from, "CLUSTER", "COUNTKEYSINSLOT", slot("{moved}")))
                .isEqualTo(":0");
        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(node.ask("CLUSTER", "NODES")).doesNotContain("[" + slot));
    }

    @Test
    void refusesNodesAndSlotsThatAreNotItsOwn() {
        try (EmbeddedRedis stranger = EmbeddedRedis.start()) {
            assertThatThrownBy(() -> cluster.moveSlot(1, stranger)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> cluster.failOver(stranger)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> cluster.finishMove(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Slot 2 is not in migration: call beginMove(2, …) first");
        assertThatThrownBy(() -> EmbeddedRedisCluster.builder().option("cluster-enabled", "no"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EmbeddedRedisCluster.builder().primaries(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("primaries must be at least 1, but was 0");
    }

    @Test
    void leavesNothingIfItCannotBeFormed() {
        List<ProcessHandle> before = children();

        assertThatThrownBy(() -> EmbeddedRedisCluster.builder()
                        .option("rename-command", "CLUSTER", "")
                        .start())
                .isInstanceOf(EmbeddedRedisException.class)
                .hasMessageContaining("unknown command");

        assertThat(children()).isSubsetOf(before);
    }

    @Test
    void usesAnotherPortIfThatOfTheClusterBusIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Iterator<Integer> ports = List.of(taken.getLocalPort() - 10_000, 19_999, 18_888, 17_777)
                    .iterator();

            try (EmbeddedRedis node = EmbeddedRedis.builder()
                    .option("cluster-enabled", "yes")
                    .ports(new PortChoice(ports::next, 4))
                    .start()) {
                assertThat(node.port()).isNotEqualTo(taken.getLocalPort() - 10_000);
            }
        }
    }

    @Test
    void itsNodesLogInToEachOtherWithThePasswordOfTheOptions() throws IOException {
        try (EmbeddedRedisCluster small = EmbeddedRedisCluster.builder()
                .primaries(2)
                .replicas(1)
                .option("requirepass", "se cret")
                .start()) {
            EmbeddedRedis from = small.primaryOf("key");
            EmbeddedRedis to = small.primaries().get(small.primaries().get(0) == from ? 1 : 0);
            assertThat(from.ask("SET", "key", "value")).isEqualTo("OK");

            small.moveSlot(EmbeddedRedisCluster.slotOf("key"), to);

            assertThat(Client.call(to, "GET", "key")).startsWith("-NOAUTH");
            assertThat(to.ask("GET", "key")).isEqualTo("value");

            small.close();
            small.close();
            assertThatThrownBy(() -> small.awaitWritable(LIMIT)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static EmbeddedRedis otherThan(EmbeddedRedis primary) {
        return cluster.primaries().stream()
                .filter(other -> other != primary)
                .findFirst()
                .orElseThrow();
    }

    private static String slot(String key) {
        return Integer.toString(EmbeddedRedisCluster.slotOf(key));
    }

    /** Returns when the replica has the value too. */
    private static void write(EmbeddedRedis primary, String key, String value) throws IOException {
        try (RedisConnection connection = primary.connect(LIMIT)) {
            assertThat(connection.call("SET", key, value)).isEqualTo("+OK");
            assertThat(connection.call("WAIT", "1", "5000")).isEqualTo(":1");
        }
    }

    private static String asking(EmbeddedRedis node, String... command) throws IOException {
        try (RedisConnection connection = node.connect(LIMIT)) {
            connection.call("ASKING");
            return connection.call(command);
        }
    }

    private static List<ProcessHandle> children() {
        try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
            return children.toList();
        }
    }
}
