package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.health.Health.Down;
import dev.forge.redis.health.Health.ReadOnly;
import dev.forge.redis.health.Health.Reason;
import dev.forge.redis.health.Health.Up;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import org.junit.jupiter.api.Test;

class HealthTest {

    @Test
    void isUpWithTheDetailsOfTheServer() {
        try (EmbeddedRedis server = EmbeddedRedis.builder()
                        .option("maxmemory", "100mb")
                        .option("maxmemory-policy", "volatile-lru")
                        .start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            redis.initializeSync();

            assertThat(redis.healthSync()).isInstanceOfSatisfying(Up.class, up -> {
                assertThat(up.details().version()).isEqualTo(server.version());
                assertThat(up.details().mode()).isEqualTo("standalone");
                assertThat(up.details().role()).isEqualTo("master");
                assertThat(up.details().usedMemory()).isPositive();
                assertThat(up.details().maxMemory()).isEqualTo(100 * 1024 * 1024);
                assertThat(up.details().evictionPolicy()).isEqualTo("volatile-lru");
                assertThat(up.details().latency()).isPositive();
                assertThat(up.details().tracking()).isEqualTo("unused");
            });
        }
    }

    @Test
    void isReadOnlyWhenMemoryIsFull() {
        try (EmbeddedRedis server =
                        EmbeddedRedis.builder().option("maxmemory", "1").start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            redis.initializeSync();

            assertThat(redis.healthSync())
                    .isInstanceOfSatisfying(
                            ReadOnly.class,
                            health -> assertThat(health.reason()).isEqualTo(Reason.OUT_OF_MEMORY));
        }
    }

    @Test
    void isReadOnlyOnAReplica() {
        try (EmbeddedRedis primary = EmbeddedRedis.builder()
                        .option("repl-diskless-sync-delay", "0")
                        .start();
                EmbeddedRedis replica = EmbeddedRedis.builder()
                        .option("replicaof", "127.0.0.1", Integer.toString(primary.port()))
                        .start();
                RedisManager redis = RedisManager.create(RedisSettings.of(replica.url()))) {
            redis.initializeSync();

            assertThat(redis.healthSync())
                    .isInstanceOfSatisfying(
                            ReadOnly.class,
                            health -> assertThat(health.reason()).isEqualTo(Reason.REPLICA));
        }
    }

    @Test
    void isDownWhenTheUserMayNotRead() {
        try (EmbeddedRedis server = EmbeddedRedis.builder()
                        .option("user", "weak", "on", ">pw", "~other:*", "+@all")
                        .start();
                RedisManager redis = RedisManager.create(RedisSettings.builder(server.url())
                        .login(RedisLogin.of("weak", "pw"))
                        .build())) {
            redis.initializeSync();

            assertThat(redis.healthSync())
                    .isInstanceOfSatisfying(
                            Down.class, down -> assertThat(down.reason()).isEqualTo(Reason.NOT_PERMITTED));
        }
    }
}
