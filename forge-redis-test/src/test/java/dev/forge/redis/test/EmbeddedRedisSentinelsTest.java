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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedRedisSentinelsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @AutoClose
    private static final EmbeddedRedisSentinels SENTINELS = EmbeddedRedisSentinels.start();

    @BeforeEach
    void everyTestLeavesAllReadyForAFailover() {
        SENTINELS.awaitReady(LIMIT);
    }

    @Test
    void isAPrimaryWithAReplicaUnderThreeSentinels() throws IOException {
        assertThat(SENTINELS.sentinels()).hasSize(3);
        assertThat(SENTINELS.nodes())
                .hasSize(2)
                .containsAll(SENTINELS.replicas())
                .contains(SENTINELS.primary());
        assertThat(SENTINELS.replicas()).hasSize(1).doesNotContain(SENTINELS.primary());
        assertThat(Client.call(SENTINELS.primary(), "SET", "key", "value")).isEqualTo("+OK");
        assertThat(Client.call(SENTINELS.replicas().get(0), "SET", "key", "value"))
                .startsWith("-READONLY");
        assertThat(SENTINELS.url())
                .isEqualTo(SENTINELS.sentinels().stream()
                        .map(sentinel -> "127.0.0.1:" + sentinel.port())
                        .collect(Collectors.joining(",", "redis-sentinel://", "#mymaster")));
    }

    @Test
    void aReplicaIsPromotedWhenThePrimaryIsKilledAndAgainWhenItsSuccessorIs() throws IOException {
        EmbeddedRedis first = SENTINELS.primary();
        try (RedisConnection connection = first.connect(LIMIT)) {
            connection.call("SET", "killed", "value");
            assertThat(connection.call("WAIT", "1", "5000")).isEqualTo(":1");
        }

        first.kill();
        EmbeddedRedis second = SENTINELS.awaitPrimaryOtherThan(first, LIMIT);

        assertThat(second).isNotSameAs(first).isSameAs(SENTINELS.primary());
        assertThat(Client.call(second, "GET", "killed")).isEqualTo("value");

        first.restart();
        SENTINELS.demote(first);
        SENTINELS.awaitReady(LIMIT);
        second.kill();

        assertThat(SENTINELS.awaitPrimaryOtherThan(second, LIMIT)).isSameAs(first);
        assertThat(Client.call(first, "GET", "killed")).isEqualTo("value");

        second.restart();
        SENTINELS.demote(second);
    }

    @Test
    void aReplicaIsPromotedWhenThePrimaryIsFrozenWhichThenTakesWritesUntilItIsDemoted() throws IOException {
        EmbeddedRedis old = SENTINELS.primary();

        old.freeze();
        EmbeddedRedis successor = SENTINELS.awaitPrimaryOtherThan(old, LIMIT);
        old.thaw();

        assertThat(Client.call(old, "SET", "lost", "value")).isEqualTo("+OK");
        assertThatThrownBy(() -> SENTINELS.awaitReady(Duration.ofMillis(100)))
                .isInstanceOf(EmbeddedRedisException.class)
                .hasMessageContaining(old.url() + " follows another primary");
        SENTINELS.demote(old);
        SENTINELS.awaitReady(LIMIT);
        assertThat(SENTINELS.primary()).isSameAs(successor);
        assertThat(SENTINELS.replicas()).containsExactly(old);
        assertThat(Client.call(old, "SET", "lost", "value")).startsWith("-READONLY");
    }

    @Test
    void aRestartedSentinelKeepsItsState() throws IOException {
        EmbeddedRedis sentinel = SENTINELS.sentinels().get(0);
        String id = sentinel.ask("SENTINEL", "MYID");
        EmbeddedRedis old = SENTINELS.primary();
        EmbeddedRedis successor = SENTINELS.failOver();
        SENTINELS.demote(old);

        sentinel.restart();

        assertThat(sentinel.ask("SENTINEL", "MYID")).isEqualTo(id);
        assertThat(SentinelView.portOfPrimary(sentinel)).isEqualTo(successor.port());
        assertThat(SentinelView.of(sentinel).otherSentinels()).isEqualTo(2);
    }

    @Test
    void twoSentinelsAreEnoughToPromoteAReplicaOnDemand() {
        EmbeddedRedis dead = SENTINELS.sentinels().get(1);
        EmbeddedRedis old = SENTINELS.primary();
        dead.kill();

        assertThat(SENTINELS.failOver()).isNotSameAs(old);

        SENTINELS.demote(old);
        SENTINELS.awaitReady(LIMIT);
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
        assertThatThrownBy(() -> SENTINELS.demote(SENTINELS.primary())).isInstanceOf(IllegalArgumentException.class);
    }
}
