package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.test.server.RedisConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Bytes that are lost, held back or corrupted on their way. */
class FaultProxyLossTest extends FaultProxyContext {
    private static final Duration SHORT = Duration.ofMillis(150);

    @Test
    void aStallLosesNothing() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.stall();
            client.send("INCR", "counter");
            assertUnresponsive(client);
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
            assertUnresponsive(client);

            assertThat(direct.call("GET", "counter")).isEqualTo("$-1");
            assertThat(proxy.connections()).isEqualTo(1);
        }
    }

    @Test
    void commandsRunWhoseRepliesAreDropped() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.dropReplies();
            client.send("INCR", "counter");
            assertUnresponsive(client);

            await().untilAsserted(
                            () -> assertThat(direct.call("GET", "counter")).isEqualTo("1"));
            assertThat(proxy.connections()).isEqualTo(1);
        }
    }

    @Test
    void aClientDoesNotNoticeThatAServerWithDroppedRepliesEnds() throws IOException {
        try (RedisConnection client = connect()) {
            proxy.dropReplies();
            client.send("QUIT");
            assertUnresponsive(client);

            client.send("PING");
            assertUnresponsive(client);
        }
        await().until(() -> proxy.connections() == 0);
    }

    @Test
    void aConnectionThatHasLostBytesIsResetOnHealing() throws IOException {
        try (RedisConnection loser = connect();
                RedisConnection other = connect()) {
            proxy.dropReplies();
            loser.send("GET", "a");
            assertUnresponsive(loser);

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
            assertUnresponsive(old);
            try (RedisConnection fresh = connect()) {
                fresh.send("INCR", "counter");
                assertUnresponsive(fresh);
            }
            assertThat(direct.call("GET", "counter")).isEqualTo("$-1");
        }

        proxy.heal();
        try (RedisConnection fresh = connect()) {
            assertThat(fresh.call("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void openConnectionsLoseEverythingAfterHealingTooAndNewOnesWork() throws IOException {
        try (RedisConnection old = connect()) {
            proxy.blackHoleOpenConnections();
            proxy.heal();

            old.send("PING");
            assertUnresponsive(old);
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
                assertUnresponsive(fresh);
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
    void aConnectionCountsAsOpenAsSoonAsItsClientHasConnected() throws IOException {
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

    private static void assertUnresponsive(RedisConnection client) throws IOException {
        client.timeout(SHORT);
        assertThatThrownBy(client::receive).isInstanceOf(SocketTimeoutException.class);
        client.timeout(Duration.ofSeconds(5));
    }
}
