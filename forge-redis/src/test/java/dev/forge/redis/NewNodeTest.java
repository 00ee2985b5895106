package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that joins a cluster, and that the manager has not heard of. */
class NewNodeTest {

    @Test
    void runsAScriptOnceOnANodeThatHasJustJoined() {
        LuaScript increment = LuaScript.of("increment", "return redis.call('INCR', KEYS[1])");
        try (EmbeddedRedisCluster cluster =
                        EmbeddedRedisCluster.builder().primaries(1).replicas(0).start();
                RedisManager redis = RedisManager.create(RedisSettings.of(cluster.url()));
                EmbeddedRedis joining = EmbeddedRedis.builder()
                        .option("cluster-enabled", "yes")
                        .option("cluster-announce-ip", "127.0.0.1")
                        .start()) {
            redis.initializeSync();
            EmbeddedRedis first = cluster.primaries().get(0);
            first.command("CLUSTER", "MEET", "127.0.0.1", String.valueOf(joining.port()));
            String id = joining.command("CLUSTER", "MYID").toString();
            await().atMost(Promises.PATIENCE)
                    .until(() -> first.command("CLUSTER", "NODES").toString().contains(id + " 127.0.0.1")
                            && joining.command("CLUSTER", "INFO").toString().contains("cluster_state:ok"));
            String slot = String.valueOf(EmbeddedRedisCluster.slotOf("n"));
            joining.command("CLUSTER", "SETSLOT", slot, "NODE", id);
            first.command("CLUSTER", "SETSLOT", slot, "NODE", id);

            assertThat(redis.evalSync(increment, List.of("n"), List.of()).asLong())
                    .isEqualTo(1);
        }
    }
}
