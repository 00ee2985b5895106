package dev.forge.redis;

import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** One cluster for the tests of a class; it is empty when a test begins, and each test has a manager of its own. */
public abstract class ClusterFixture {

    protected static EmbeddedRedisCluster cluster;
    protected RedisManager redis;

    @BeforeAll
    protected static void startCluster() {
        cluster = EmbeddedRedisCluster.start();
    }

    @AfterAll
    protected static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    protected void connect() {
        cluster.awaitReady(Duration.ofSeconds(40));
        cluster.primaries().forEach(primary -> primary.command("FLUSHALL"));
        redis = RedisManager.create(RedisSettings.of(cluster.url()));
        redis.initializeSync();
    }

    @AfterEach
    protected void disconnect() {
        redis.close();
    }

    /** Returns another primary of the cluster. */
    protected static EmbeddedRedis otherThan(EmbeddedRedis node) {
        return cluster.primaries().stream()
                .filter(each -> each != node)
                .findFirst()
                .orElseThrow();
    }
}
