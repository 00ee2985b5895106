package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.settings.ReadFrom;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisSentinels;
import dev.forge.redis.test.ServerState;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SentinelTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static EmbeddedRedisSentinels sentinels;
    private RedisManager redis;

    @BeforeAll
    static void start() {
        sentinels = EmbeddedRedisSentinels.start();
    }

    @AfterAll
    static void stop() {
        sentinels.close();
    }

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(sentinels.url()));
        redis.initializeSync();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void findsThePrimary() {
        redis.setSync("a", "1");

        assertThat(redis.getSync("a").get()).isEqualTo("1");
    }

    @Test
    void readsFromAReplicaIfConfigured() {
        redis.setSync("replicated", "1");
        try (RedisManager reader = RedisManager.create(RedisSettings.builder(sentinels.url())
                .readFrom(ReadFrom.REPLICA)
                .build())) {
            reader.initializeSync();
            await().atMost(PATIENCE).until(() -> reader.getSync("replicated").isPresent());
            await().atMost(PATIENCE).until(() -> {
                return reader.getSync("replicated").isPresent();
            });
        }
    }

    /** In each of these states it is connected, and refuses to read. */
    @ParameterizedTest
    @EnumSource(names = {"LOADING", "MASTERDOWN", "BUSY"})
    void readsFromThePrimaryWhileAReplicaCannotServe(ServerState state) {
        try (EmbeddedRedisSentinels own = EmbeddedRedisSentinels.start();
                RedisManager reader = RedisManager.create(RedisSettings.builder(own.url())
                        .readFrom(ReadFrom.REPLICA)
                        .build())) {
            EmbeddedRedis replica = own.replicas().get(0);
            reader.setSync("k", "v");
            await().atMost(PATIENCE)
                    .until(() -> reader.getSync("k").isPresent() && ServerStats.calls("get", replica) > 0);

            replica.enter(state);

            for (int i = 0; i < 100; i++) {
                assertThat(reader.getSync("k")).contains("v");
                Promises.pause(Duration.ofMillis(5));
            }
        }
    }

    @Test
    void logsInToThePrimaryAndSelectsTheDatabase() {
        try (EmbeddedRedisSentinels guarded =
                        EmbeddedRedisSentinels.builder().password("CANARY").start();
                RedisManager manager =
                        RedisManager.create(RedisSettings.builder(guarded.url().replace("#", "/2#"))
                                .login(RedisLogin.of(null, "CANARY"))
                                .build())) {
            manager.setSync("a", "1");

            assertThat(manager.getSync("a")).contains("1");
            assertThat(guarded.primary().command("INFO", "keyspace")).contains("db2:keys=1");
        }
    }

    @Test
    void logsInToSentinelsWhoseDefaultUserMayNotAskThem() {
        try (EmbeddedRedisSentinels guarded = EmbeddedRedisSentinels.start()) {
            guarded.nodes().forEach(SentinelTest::addUser);
            guarded.sentinels().forEach(sentinel -> {
                addUser(sentinel);
                sentinel.command("ACL", "SETUSER", "default", "-@all", "+hello", "+auth", "+ping");
            });

            try (RedisManager manager = RedisManager.create(RedisSettings.builder(guarded.url())
                    .login(RedisLogin.of("forge", "CANARY"))
                    .build())) {
                manager.setSync("a", "1");

                assertThat(manager.getSync("a")).contains("1");
            }
            try (RedisManager stranger = RedisManager.create(RedisSettings.of(guarded.url()))) {
                assertThatExceptionOfType(RedisRefusedException.class)
                        .isThrownBy(stranger::initializeSync)
                        .withMessageContaining("NOPERM");
            }
        }
    }

    private static void addUser(EmbeddedRedis server) {
        server.command("ACL", "SETUSER", "forge", "on", ">CANARY", "~*", "&*", "+@all");
    }
}
