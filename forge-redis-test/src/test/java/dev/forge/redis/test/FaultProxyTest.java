package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.test.FaultProxy.Direction;
import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FaultProxyTest extends FaultProxyContext {
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
    void countsOpenAndClosedConnections() throws IOException {
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
    void latencyOfOneDirectionDoesNotAffectTheOther() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.latency(Direction.REPLIES, Duration.ofSeconds(2));
            client.send("SET", "key", "value");
            long start = System.nanoTime();
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> direct.call("GET", "key").equals("value"));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_500));
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

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
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

            assertThat(time).isBetween(Duration.ofMillis(295), Duration.ofMillis(2_900));
        }
    }

    @Test
    void otherConnectionsOvertakeAChunkThatIsHeld() throws IOException {
        try (RedisConnection held = connect();
                RedisConnection other = connect()) {
            proxy.holdNext(Duration.ofSeconds(2));
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
    void noOtherServerTakesThePortWhileItRefuses() throws IOException {
        try (RedisConnection old = connect()) {
            old.call("PING");
            proxy.refuse();

            assertThatThrownBy(EmbeddedRedis.builder().port(proxy.port())::start)
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessageContaining("choose another port");
        }
        proxy.close();
        try (EmbeddedRedis next = EmbeddedRedis.builder().port(proxy.port()).start()) {
            assertThat(Client.call(next, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void survivesAMissingServer() throws IOException {
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
    void refusesInvalidFaults() {
        assertThatThrownBy(() -> FaultProxy.to(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be from 1 to 65535, but was 0");
        assertThatThrownBy(() -> proxy.bandwidth(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> proxy.latency(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    private void connectAndReceive() throws IOException {
        try (RedisConnection client = connect()) {
            client.receive();
        }
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
