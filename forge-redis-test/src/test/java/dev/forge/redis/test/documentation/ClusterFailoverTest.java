package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ClusterFailoverTest {
    @AutoClose
    static final EmbeddedRedisCluster CLUSTER = EmbeddedRedisCluster.start();

    @Test
    void theReplicaTakesOverWhenAPrimaryDies() {
        EmbeddedRedis primary = CLUSTER.primaryOf("greeting");
        EmbeddedRedis replica = CLUSTER.replicaOf(primary);

        primary.kill();
        CLUSTER.awaitWritable(Duration.ofSeconds(20));

        assertThat(CLUSTER.primaryOf("greeting")).isSameAs(replica);
    }
}
