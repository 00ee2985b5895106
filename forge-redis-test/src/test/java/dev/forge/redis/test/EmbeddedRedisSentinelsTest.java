package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedRedisSentinelsTest {
    // Sentinels that stood still for 2 s start no failover for 30 s.
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @AutoClose
    private static EmbeddedRedisSentinels sentinels;

    @BeforeAll
    static void start() {
        sentinels = EmbeddedRedisSentinels.start();
    }

    @BeforeEach
    void everyTestLeavesAllReadyForAFailover() {
        sentinels.awaitReady(LIMIT);
    }

    @Test
    void isAPrimaryWithAReplicaUnderThreeSentinels() throws IOException {
        assertThat(sentinels.sentinels()).hasSize(3);
        assertThat(sentinels.nodes())
                .hasSize(2)
                .containsAll(sentinels.replicas())
                .contains(sentinels.primary());
        assertThat(sentinels.replicas()).hasSize(1).doesNotContain(sentinels.primary());
        assertThat(Client.call(sentinels.primary(), "SET", "key", "value")).isEqualTo("+OK");
        assertThat(Client.call(sentinels.replicas().get(0), "SET", "key", "value"))
                .startsWith("-READONLY");
        assertThat(sentinels.url())
                .isEqualTo(sentinels.sentinels().stream()
                        .map(sentinel -> "127.0.0.1:" + sentinel.port())
                        .collect(Collectors.joining(",", "redis-sentinel://", "#mymaster")));
    }

    @Test
    void aReplicaIsPromotedWhenThePrimaryIsKilledAndAgainWhenItsSuccessorIs() throws IOException {
        EmbeddedRedis first = sentinels.primary();
        try (RedisConnection connection = first.connect(LIMIT)) {
            connection.call("SET", "killed", "value");
            assertThat(connection.call("WAIT", "1", "5000")).isEqualTo(":1");
        }

        first.kill();
        EmbeddedRedis second = sentinels.awaitPrimaryOtherThan(first, LIMIT);

        assertThat(second).isNotSameAs(first).isSameAs(sentinels.primary());
        assertThat(Client.call(second, "GET", "killed")).isEqualTo("value");

        first.restart();
        sentinels.demote(first);
        sentinels.awaitReady(LIMIT);
        second.kill();

        assertThat(sentinels.awaitPrimaryOtherThan(second, LIMIT)).isSameAs(first);
        assertThat(Client.call(first, "GET", "killed")).isEqualTo("value");

        second.restart();
        sentinels.demote(second);
    }

    @Test
    void aReplicaIsPromotedWhenThePrimaryIsFrozenWhichThenTakesWritesUntilItIsDemoted() throws IOException {
        EmbeddedRedis old = sentinels.primary();

        old.freeze();
        EmbeddedRedis successor = sentinels.awaitPrimaryOtherThan(old, LIMIT);
        old.thaw();

        assertThat(Client.call(old, "SET", "lost", "value")).isEqualTo("+OK");
        assertThatThrownBy(() -> sentinels.awaitReady(Duration.ofMillis(100)))
                .isInstanceOf(EmbeddedRedisException.class)
                .hasMessageContaining(old.url() + " follows another primary");
        sentinels.demote(old);
        sentinels.awaitReady(LIMIT);
        assertThat(sentinels.primary()).isSameAs(successor);
        assertThat(sentinels.replicas()).containsExactly(old);
        assertThat(Client.call(old, "SET", "lost", "value")).startsWith("-READONLY");
    }

    @Test
    void aRestartedSentinelKeepsItsState() throws IOException {
        EmbeddedRedis sentinel = sentinels.sentinels().get(0);
        String id = sentinel.ask("SENTINEL", "MYID");
        EmbeddedRedis old = sentinels.primary();
        EmbeddedRedis successor = sentinels.failOver();
        sentinels.demote(old);

        sentinel.restart();

        assertThat(sentinel.ask("SENTINEL", "MYID")).isEqualTo(id);
        assertThat(SentinelView.portOfPrimary(sentinel)).isEqualTo(successor.port());
        assertThat(SentinelView.of(sentinel).otherSentinels()).isEqualTo(2);
    }

    @Test
    void twoSentinelsAreEnoughToPromoteAReplicaOnDemand() {
        EmbeddedRedis dead = sentinels.sentinels().get(1);
        EmbeddedRedis old = sentinels.primary();
        dead.kill();

        assertThat(sentinels.failOver()).isNotSameAs(old);

        sentinels.demote(old);
        sentinels.awaitReady(LIMIT);
        dead.restart();
    }

    @Test
    void clientsAndSentinelsLogInAsTheOnlyUser() throws IOException {
        try (EmbeddedRedisSentinels others = EmbeddedRedisSentinels.builder()
                .user("ada", "se cret")
                .downAfter(Duration.ofMillis(500))
                .start()) {
            EmbeddedRedis primary = others.primary();

            assertThat(Client.call(primary, "PING")).startsWith("-NOAUTH");
            assertThat(Client.call(primary, "AUTH", "se cret")).startsWith("-WRONGPASS");
            assertThat(Client.call(primary, "AUTH", "ada", "se cret")).isEqualTo("+OK");
            assertThat(SentinelView.of(others.sentinels().get(0)).primary())
                    .containsEntry("down-after-milliseconds", "500");
        }
    }

    @Test
    void clientsNeedThePassword() throws IOException {
        try (EmbeddedRedisSentinels others =
                EmbeddedRedisSentinels.builder().password("se cret").replicas(2).start()) {
            assertThat(others.replicas()).hasSize(2);
            assertThat(Client.call(others.primary(), "PING")).startsWith("-NOAUTH");
            assertThat(Client.call(others.primary(), "AUTH", "se cret")).isEqualTo("+OK");

            others.close();
            others.close();
            assertThatThrownBy(others::primary).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void refusesOptionsThatWouldBreakItsPromises() {
        EmbeddedRedisSentinels.Builder builder = EmbeddedRedisSentinels.builder();

        for (String name : List.of("replicaof", "requirepass", "masterauth")) {
            assertThatThrownBy(() -> builder.option(name, "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name);
        }
        assertThatThrownBy(() -> builder.downAfter(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("downAfter must be at least 1 ms, but was PT0S");
        assertThatThrownBy(() -> sentinels.demote(sentinels.primary())).isInstanceOf(IllegalArgumentException.class);
    }
}
