package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClusterFailoverTest {
    @AutoClose
    static EmbeddedRedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = EmbeddedRedisCluster.start();
    }

    @Test
    void theReplicaTakesOverWhenAPrimaryDies() {
        EmbeddedRedis primary = cluster.primaryOf("greeting");
        EmbeddedRedis replica = cluster.replicaOf(primary);

        primary.kill();
        cluster.awaitWritable(Duration.ofSeconds(20));

        assertThat(cluster.primaryOf("greeting")).isSameAs(replica);
    }
}
