package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups of servers that each have a proxy in front, and announce its port. */
@Tag("slow")
class BehindProxiesTest {
    // Sentinels that stood still for 2 s start no failover for 30 s.
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void aClusterSendsItsClientsToTheProxiesOfItsNodes() throws IOException {
        try (EmbeddedRedisCluster cluster = EmbeddedRedisCluster.builder()
                .primaries(3)
                .replicas(0)
                .behindProxies()
                .start()) {
            EmbeddedRedis owner = cluster.primaryOf("greeting");
            EmbeddedRedis other = cluster.nodes().stream()
                    .filter(node -> node != owner)
                    .findFirst()
                    .orElseThrow();

            assertThatThrownBy(() -> other.ask("GET", "greeting"))
                    .hasMessageContaining("127.0.0.1:" + cluster.proxyOf(owner).port());
            assertThat(cluster.url())
                    .contains(":" + cluster.proxyOf(owner).port())
                    .doesNotContain(":" + owner.port());
        }
    }

    @Test
    void aPrimaryThatIsCutOffFromItsClientsKeepsItsPlaceAndCanBeReplaced() {
        try (EmbeddedRedisCluster cluster =
                EmbeddedRedisCluster.builder().behindProxies().start()) {
            EmbeddedRedis primary = cluster.primaryOf("greeting");
            EmbeddedRedis replica = cluster.replicaOf(primary);
            cluster.proxyOf(primary).blackHole();

            cluster.takeOver(replica);

            assertThat(cluster.primaryOf("greeting")).isSameAs(replica);
            cluster.proxyOf(primary).heal();
            cluster.awaitReady(LIMIT);
            primary.restart();
            cluster.awaitReady(LIMIT);
            assertThat(cluster.replicaOf(replica)).isSameAs(primary);
        }
    }

    @Test
    void aPrimaryWhoseProxySwallowsEverythingIsReplacedByTheSentinels() {
        try (EmbeddedRedisSentinels servers = EmbeddedRedisSentinels.builder()
                .downAfter(Duration.ofMillis(500))
                .behindProxies()
                .start()) {
            EmbeddedRedis old = servers.primary();
            servers.proxyOf(old).blackHole();

            EmbeddedRedis primary = servers.awaitPrimaryOtherThan(old, LIMIT);

            servers.proxyOf(old).heal();
            servers.demote(old);
            servers.awaitReady(LIMIT);
            assertThat(servers.primary()).isSameAs(primary);
            assertThat(servers.failOver()).isSameAs(old);
        }
    }

    @Test
    void refusesProxyOfWithoutProxies() {
        try (EmbeddedRedisCluster cluster =
                EmbeddedRedisCluster.builder().primaries(1).replicas(0).start()) {
            assertThatThrownBy(() -> cluster.proxyOf(cluster.nodes().get(0)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("behindProxies()");
        }
    }
}
