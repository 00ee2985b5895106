package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import io.lettuce.core.KillArgs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RedisManagerOutageTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private EmbeddedRedis server;
    private RedisManager redis;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start();
        redis = RedisManager.create(
                RedisSettings.builder(server.url()).socketTimeout(TIMEOUT).build());
    }

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    @Test
    void failsAtOnceWithoutSendingWhileRedisIsUnavailable() {
        redis.initializeSync();
        server.kill();
        await().atMost(PATIENCE).until(() -> catchThrowable(() -> redis.getSync("a")) instanceof RedisFailure);

        long start = System.nanoTime();
        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> redis.getSync("a"))
                .withMessageStartingWith("GET a failed: ")
                .withMessageContaining("127.0.0.1:" + server.port());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
    }

    @Test
    void reconnectsByItselfWhenRedisIsBack() {
        redis.setSync("a", "1");
        server.kill();
        await().atMost(PATIENCE).until(() -> redis.healthSync() instanceof Health.Down);

        server.restart();

        await().atMost(PATIENCE).until(() -> redis.healthSync() instanceof Health.Up);
        assertThat(redis.getSync("a")).isEmpty();
    }

    @Test
    void reconnectsTheDirectClientToo() {
        var client = redis.getSyncClient();
        server.kill();
        await().atMost(PATIENCE).until(() -> catchThrowable(() -> client.get("a")) != null);

        server.restart();

        await().atMost(PATIENCE).until(() -> catchThrowable(() -> client.set("a", "1")) == null);
    }

    @Test
    void startsBeforeRedisAndConnectsLater() {
        server.kill();

        assertThatExceptionOfType(RedisUnavailableException.class)
                .isThrownBy(() -> redis.initializeSync())
                .withMessageContaining(
                        "cannot connect to Redis at 127.0.0.1:" + server.port() + ": connection refused");
        server.restart();

        await().atMost(PATIENCE).until(() -> redis.healthSync() instanceof Health.Up);
    }

    @Test
    void endsEveryCallByItsDeadlineWhenRedisIsFrozen() {
        redis.initializeSync();
        server.freeze();

        long start = System.nanoTime();
        CompletableFuture<Void> async = redis.setAsync("a", "1");
        assertThatExceptionOfType(RedisOutcomeUnknownException.class)
                .isThrownBy(() -> redis.getSync("a"))
                .withMessageContaining("the command may or may not have run");
        assertThat(catchThrowable(async::get)).hasCauseInstanceOf(RedisOutcomeUnknownException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(2));
        server.thaw();
        await().atMost(PATIENCE).until(() -> redis.getSync("a").isPresent());
    }

    @Test
    void endsEveryCallByItsDeadlineWhenRedisNeverAnsweredAtAll() {
        server.freeze();

        long start = System.nanoTime();
        Throwable failure = catchThrowable(() -> redis.getSync("a"));

        assertThat(failure).isInstanceOf(RedisUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(2));
    }

    @Test
    void runsNoCommandTwiceAndCountsNoUnsentOne() {
        LuaScript increment = LuaScript.of("incr", "return redis.call('INCR', KEYS[1])");
        long succeeded = 0;
        long unknown = 0;
        var killer = RedisManager.create(RedisSettings.of(server.url()));
        List<CompletableFuture<ScriptReply>> calls = new ArrayList<>();
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 200; i++) {
                calls.add(redis.evalAsync(increment, List.of("counter"), List.of()));
                if (i == 100) {
                    killer.getSyncClient()
                            .clientKill(KillArgs.Builder.typeNormal().skipme());
                }
            }
            await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> redis.getSync("counter"));
            calls.add(redis.evalAsync(increment, List.of("counter"), List.of()));
        }
        for (CompletableFuture<ScriptReply> call : calls) {
            Throwable failure = catchThrowable(call::join);
            if (failure == null) {
                succeeded++;
            } else if (failure.getCause() instanceof RedisOutcomeUnknownException) {
                unknown++;
            } else {
                assertThat(failure.getCause()).isInstanceOf(RedisUnavailableException.class);
            }
        }
        long counted = Long.parseLong(killer.getSync("counter").orElse("0"));
        killer.close();

        assertThat(succeeded).isPositive();
        assertThat(counted).isBetween(succeeded, succeeded + unknown);
    }

    @Test
    void reportsAWrongPasswordInsteadOfTimingOut(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "CANARY-old\n");
        try (EmbeddedRedis guarded = EmbeddedRedis.builder()
                        .option("requirepass", "CANARY-new")
                        .start();
                RedisManager manager = RedisManager.create(RedisSettings.builder(guarded.url())
                        .login(RedisLogin.ofFile(null, file))
                        .build())) {
            assertThatExceptionOfType(RedisRefusedException.class)
                    .isThrownBy(() -> manager.getSync("a"))
                    .returns(RefusalReason.WRONGPASS, RedisRefusedException::reason)
                    .withMessageNotContaining("CANARY");
            assertThat(manager.healthSync())
                    .isInstanceOfSatisfying(
                            Health.Down.class,
                            down -> assertThat(down.reason()).isEqualTo(Health.Reason.AUTHENTICATION));

            Files.writeString(file, "CANARY-new\n");

            await().atMost(PATIENCE).until(() -> manager.healthSync() instanceof Health.Up);
        }
    }

    @Test
    void reportsAMissingPassword() {
        try (EmbeddedRedis guarded =
                        EmbeddedRedis.builder().option("requirepass", "CANARY").start();
                RedisManager manager = RedisManager.create(RedisSettings.of(guarded.url()))) {
            assertThatExceptionOfType(RedisRefusedException.class)
                    .isThrownBy(() -> manager.getSync("a"))
                    .returns(RefusalReason.NOAUTH, RedisRefusedException::reason);
        }
    }

    @Test
    void reportsHealthLongBeforeTheDeadlineOfCommands() {
        RedisManager patient = RedisManager.create(RedisSettings.of(server.url()));
        patient.initializeSync();
        server.freeze();

        long start = System.nanoTime();
        Health health = patient.healthSync();
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        patient.close();

        assertThat(health)
                .isInstanceOfSatisfying(
                        Health.Down.class, down -> assertThat(down.reason()).isEqualTo(Health.Reason.NO_ANSWER));
        assertThat(waited).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void closesInBoundedTimeWhileRedisIsFrozen() {
        RedisManager slow = RedisManager.create(RedisSettings.of(server.url()));
        slow.initializeSync();
        server.freeze();
        CompletableFuture<Void> pending = slow.setAsync("a", "1");

        long start = System.nanoTime();
        slow.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
        assertThat(catchThrowable(pending::join)).hasCauseInstanceOf(RedisOutcomeUnknownException.class);
    }

    @Test
    void refusesMoreCommandsThanItsBoundInsteadOfQueueingThem() {
        redis.initializeSync();
        server.freeze();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i <= PipelinedConnection.MOST_IN_FLIGHT; i++) {
            calls.add(redis.getAsync("a"));
        }

        Throwable last = catchThrowable(
                () -> calls.get(PipelinedConnection.MOST_IN_FLIGHT).join());

        assertThat(last)
                .hasCauseInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("16384 commands")
                .hasMessageContaining("already under way");
        server.thaw();
        await().atMost(PATIENCE).until(() -> calls.stream().allMatch(CompletableFuture::isDone));
        redis.syncTestConnection();
    }
}
