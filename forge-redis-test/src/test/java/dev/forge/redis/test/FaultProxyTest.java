package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.test.FaultProxy.Direction;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FaultProxyTest {
    private static final Duration SHORT = Duration.ofMillis(150);

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private FaultProxy proxy;
    private RedisConnection direct;

    @BeforeEach
    void startProxy() throws IOException {
        proxy = FaultProxy.to(REDIS.server().port());
        direct = RedisConnection.open(REDIS.server().port(), Duration.ofSeconds(5));
    }

    @AfterEach
    void closeProxy() throws IOException {
        direct.close();
        proxy.close();
    }

    @Test
    void passesEverythingOnInOrder() throws IOException {
        String large = "x".repeat(3_000_000);
        try (RedisConnection client = connect()) {
            assertThat(client.call("SET", "large", large)).isEqualTo("+OK");

            assertThat(client.call("GET", "large")).isEqualTo(large);
        }
        assertThat(proxy.url()).isEqualTo("redis://127.0.0.1:" + proxy.port());
        assertThat(proxy.bytes(Direction.REQUESTS)).isBetween(3_000_000L, 3_000_100L);
        assertThat(proxy.bytes(Direction.REPLIES)).isBetween(3_000_000L, 3_000_100L);
    }

    @Test
    void keepsTheOrderForAClientThatReadsLate() throws IOException {
        for (int digit = 0; digit < 10; digit++) {
            direct.call("SET", "key" + digit, Integer.toString(digit).repeat(1_000_000));
        }
        try (RedisConnection client = connect()) {
            for (int digit = 0; digit < 10; digit++) {
                client.send("GET", "key" + digit);
            }
            await().until(() -> proxy.bytes(Direction.REPLIES) > 9_000_000);

            for (int digit = 0; digit < 10; digit++) {
                assertThat(client.receive().equals(Integer.toString(digit).repeat(1_000_000)))
                        .isTrue();
            }
        }
    }

    @Test
    void countsConnectionsAndSeesThemGo() throws IOException {
        try (RedisConnection first = connect();
                RedisConnection second = connect()) {
            first.call("PING");
            second.call("PING");

            assertThat(proxy.connections()).isEqualTo(2);
        }
        await().until(() -> proxy.connections() == 0);
        assertThat(proxy.accepted()).isEqualTo(2);
    }

    @Test
    void tellsTheClientWhenTheServerCloses() throws IOException {
        try (RedisConnection client = connect()) {
            assertThat(client.call("QUIT")).isEqualTo("+OK");

            assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
        }
        await().until(() -> proxy.connections() == 0);
    }

    @Test
    void latencyDelaysEachWay() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.latency(Duration.ofMillis(60));
            assertThat(timeOf(client, "PING")).isBetween(Duration.ofMillis(120), Duration.ofMillis(1000));

            proxy.heal();
            assertThat(fastestOf(client, "PING")).isLessThan(Duration.ofMillis(60));
        }
    }

    @Test
    void latencyOfOneDirectionLeavesTheOtherAlone() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.latency(Direction.REPLIES, Duration.ofMillis(300));
            client.send("SET", "key", "value");
            long start = System.nanoTime();
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> direct.call("GET", "key").equals("value"));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(250));
            assertThat(client.receive()).isEqualTo("+OK");
        }
    }

    @Test
    void latencyDoesNotLimitThroughput() throws IOException {
        proxy.latency(Duration.ofMillis(50));
        try (RedisConnection client = connect()) {
            long start = System.nanoTime();
            for (int count = 0; count < 1_000; count++) {
                client.send("INCR", "counter");
            }
            for (int count = 1; count <= 1_000; count++) {
                assertThat(client.receive()).isEqualTo(":" + count);
            }

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void jitterKeepsTheOrderAndItsBounds() throws IOException {
        proxy.jitter(Direction.REPLIES, Duration.ofMillis(10), Duration.ofMillis(40), 1);
        try (RedisConnection client = connect()) {
            for (int count = 1; count <= 10; count++) {
                client.send("INCR", "counter");
            }
            for (int count = 1; count <= 10; count++) {
                assertThat(client.receive()).isEqualTo(":" + count);
            }

            assertThat(fastestOf(client, "PING")).isBetween(Duration.ofMillis(10), Duration.ofMillis(40));
        }
    }

    @Test
    void bandwidthLimitsBytesPerSecond() throws IOException {
        direct.call("SET", "key", "x".repeat(30_000));
        proxy.bandwidth(Direction.REPLIES, 100_000);
        try (RedisConnection client = connect()) {
            Duration time = timeOf(client, "GET", "key");

            assertThat(time).isBetween(Duration.ofMillis(295), Duration.ofMillis(1500));
        }
    }

    @Test
    void aStallLosesNothing() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.stall();
            client.send("INCR", "counter");
            assertSilent(client);
            assertThat(direct.call("GET", "counter")).isEqualTo("$-1");

            proxy.heal();
            assertThat(client.receive()).isEqualTo(":1");
        }
    }

    @Test
    void droppedRequestsDoNotRunAndTheConnectionStays() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.dropRequests();
            client.send("INCR", "counter");
            assertSilent(client);

            assertThat(direct.call("GET", "counter")).isEqualTo("$-1");
            assertThat(proxy.connections()).isEqualTo(1);
        }
    }

    @Test
    void commandsRunWhoseRepliesAreDropped() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.dropReplies();
            client.send("INCR", "counter");
            assertSilent(client);

            assertThat(direct.call("GET", "counter")).isEqualTo("1");
            assertThat(proxy.connections()).isEqualTo(1);
        }
    }

    @Test
    void aClientDoesNotSeeAServerGoWhoseRepliesAreDropped() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.dropReplies();
            client.send("QUIT");
            assertSilent(client);

            client.send("PING");
            assertSilent(client);
        }
        await().until(() -> proxy.connections() == 0);
    }

    @Test
    void aConnectionThatHasLostBytesIsResetOnHealing() throws IOException {
        try (RedisConnection loser = connect();
                RedisConnection other = connect()) {
            proxy.dropReplies();
            loser.send("GET", "a");
            assertSilent(loser);

            proxy.heal();
            assertThatThrownBy(loser::receive).isInstanceOf(SocketException.class);
            assertThat(other.call("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void aBlackHoleSwallowsOldAndNewConnectionsUntilItHeals() throws IOException {
        try (RedisConnection old = connect()) {
            proxy.blackHole();
            old.send("INCR", "counter");
            assertSilent(old);
            try (RedisConnection fresh = connect()) {
                fresh.send("INCR", "counter");
                assertSilent(fresh);
            }
            assertThat(direct.call("GET", "counter")).isEqualTo("$-1");
        }

        proxy.heal();
        try (RedisConnection fresh = connect()) {
            assertThat(fresh.call("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void silenceOutlastsHealingAndSparesNewConnections() throws IOException {
        try (RedisConnection old = connect()) {
            proxy.silence();
            proxy.heal();

            old.send("PING");
            assertSilent(old);
            try (RedisConnection fresh = connect()) {
                assertThat(fresh.call("PING")).isEqualTo("+PONG");
            }
        }
    }

    @Test
    void ignoresNewConnectionsAndServesOpenOnes() throws IOException {
        try (RedisConnection old = connect()) {
            old.call("PING");
            proxy.acceptAndIgnore();
            try (RedisConnection fresh = connect()) {
                fresh.send("PING");
                assertSilent(fresh);
                assertThat(old.call("PING")).isEqualTo("+PONG");

                proxy.heal();
                assertThatThrownBy(fresh::receive).isInstanceOf(SocketException.class);
            }
        }
    }

    @Test
    void resetsBothSides() throws IOException {
        try (RedisConnection client = connect()) {
            String id = client.call("CLIENT", "ID").substring(1);

            proxy.reset();

            assertThatThrownBy(client::receive)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            await().until(() -> !direct.call("CLIENT", "LIST").contains("id=" + id + " "));
            assertThat(proxy.connections()).isZero();
        }
    }

    @Test
    void aConnectionIsOpenAsSoonAsItsClientSaysSo() throws IOException {
        for (int count = 0; count < 50; count++) {
            try (RedisConnection client = connect()) {
                proxy.reset();

                assertThatThrownBy(client::receive).isInstanceOf(SocketException.class);
            }
        }
    }

    @Test
    void aRequestThatIsResetDoesNotRun() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.resetOnRequest();
            client.send("INCR", "counter");
            assertThatThrownBy(client::receive).isInstanceOf(SocketException.class);
        }
        assertThat(direct.call("GET", "counter")).isEqualTo("$-1");
        try (RedisConnection next = connect()) {
            assertThat(next.call("INCR", "counter")).isEqualTo(":1");
        }
    }

    @Test
    void aRequestWhoseReplyIsResetHasRun() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.resetOnReply();
            client.send("INCR", "counter");
            assertThatThrownBy(client::receive).isInstanceOf(SocketException.class);
        }
        assertThat(direct.call("GET", "counter")).isEqualTo("1");
    }

    @Test
    void truncatesAReplyAndClosesInOrder() throws IOException {
        direct.call("SET", "key", "x".repeat(1_000));
        try (RedisConnection client = connect()) {
            proxy.truncateReply();
            client.send("GET", "key");

            assertThatThrownBy(client::receive).isInstanceOf(EOFException.class);
        }
        await().until(() -> proxy.connections() == 0);
        try (RedisConnection next = connect()) {
            assertThat(next.call("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void corruptsOneByteOfOneReply() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.corruptReply(7 + 2);

            assertThat(client.call("PING"))
                    .startsWith("+P")
                    .isNotEqualTo("+PONG")
                    .endsWith("NG");
            assertThat(client.call("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void otherConnectionsOvertakeAChunkThatIsHeld() throws IOException {
        try (RedisConnection held = connect();
                RedisConnection other = connect()) {
            proxy.holdNext(Duration.ofMillis(300));
            held.send("APPEND", "log", "a");
            await().until(() -> proxy.bytes(Direction.REQUESTS) > 0);
            held.send("APPEND", "log", "b");
            other.call("APPEND", "log", "c");

            assertThat(held.receive()).isEqualTo(":2");
            assertThat(held.receive()).isEqualTo(":3");
            assertThat(direct.call("GET", "log")).isEqualTo("cab");
        }
    }

    @Test
    void refusesNewConnectionsUntilItHeals() throws IOException {
        try (RedisConnection old = connect()) {
            old.call("PING");
            proxy.refuse();
            proxy.refuse();

            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(old.call("PING")).isEqualTo("+PONG");

            proxy.heal();
            try (RedisConnection fresh = connect()) {
                assertThat(fresh.call("PING")).isEqualTo("+PONG");
            }
        }
    }

    @Test
    void survivesAServerThatIsNotThere() throws IOException {
        REDIS.server().kill();
        for (int attempt = 0; attempt < 20; attempt++) {
            assertThatThrownBy(this::connectAndReceive).isInstanceOf(SocketException.class);
        }

        REDIS.server().restart();
        try (RedisConnection client = connect()) {
            assertThat(client.call("PING")).isEqualTo("+PONG");
        }
        assertThat(proxy.accepted()).isEqualTo(21);
    }

    @Test
    void sendsNewConnectionsToANewTarget() throws IOException {
        try (EmbeddedRedis other = EmbeddedRedis.start();
                RedisConnection old = connect()) {
            old.call("SET", "where", "first");
            Client.call(other, "SET", "where", "second");

            proxy.target(other.port());

            assertThat(old.call("GET", "where")).isEqualTo("first");
            try (RedisConnection fresh = connect()) {
                assertThat(fresh.call("GET", "where")).isEqualTo("second");
            }
        }
    }

    @Test
    void closingEndsItsConnectionsAndItsThread() throws IOException {
        try (RedisConnection client = connect()) {
            client.call("PING");

            proxy.close();
            proxy.close();

            assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThatThrownBy(proxy::blackHole)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has been closed");
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("forge-fault-proxy");
        }
    }

    @Test
    void refusesFaultsThatCannotBe() {
        assertThatThrownBy(() -> FaultProxy.to(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be from 1 to 65535, but was 0");
        assertThatThrownBy(() -> proxy.bandwidth(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> proxy.latency(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    private RedisConnection connect() throws IOException {
        return RedisConnection.open(proxy.port(), Duration.ofSeconds(5));
    }

    private void connectAndReceive() throws IOException {
        try (RedisConnection client = connect()) {
            client.receive();
        }
    }

    private static void assertSilent(RedisConnection client) throws IOException {
        client.timeout(SHORT);
        assertThatThrownBy(client::receive).isInstanceOf(SocketTimeoutException.class);
        client.timeout(Duration.ofSeconds(5));
    }

    private static Duration timeOf(RedisConnection client, String... command) throws IOException {
        long start = System.nanoTime();
        client.call(command);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Duration fastestOf(RedisConnection client, String... command) throws IOException {
        Duration fastest = timeOf(client, command);
        for (int count = 0; count < 10; count++) {
            Duration time = timeOf(client, command);
            fastest = time.compareTo(fastest) < 0 ? time : fastest;
        }
        return fastest;
    }
}
