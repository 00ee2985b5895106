package dev.forge.redis.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptInput;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A value that the server does not accept fails its own call and no other. */
class SizeLimitTest {

    private static final int MIB = 1 << 20;
    private static final LuaScript ECHO = LuaScript.of("echo", "return #ARGV[1]");

    private EmbeddedRedis server;
    private FaultProxy proxy;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.builder().option("proto-max-bulk-len", "1mb").start();
        proxy = FaultProxy.to(server.port());
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void refusesAnArgumentAboveTheLimitWithoutSendingIt() {
        try (RedisManager redis = manager(proxy.url(), MIB)) {
            SyncCore.of(redis).setBytes("key", new byte[MIB], Duration.ofMinutes(1));
            assertThat(redis.evalSync(ECHO, List.of(), List.of(new byte[MIB])).asLong())
                    .isEqualTo(MIB);

            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> CoreAccess.coreOf(redis).setBytes("key", new byte[MIB + 1], Duration.ofMinutes(1)))
                    .withMessage(
                            "a key, value or argument of SET must have at most 1048576 bytes, but one has 1048577; to "
                                    + "send it, raise REDIS_MAX_VALUE_BYTES, and proto-max-bulk-len of the server if that is below");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> redis.evalAsync(ECHO, List.of(), List.of(new byte[MIB + 1])));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> redis.evalAsync(LuaScript.of("long", "-".repeat(MIB + 1)), List.of(), List.of()));
            CompletableFuture<ScriptReply> late = CoreAccess.coreOf(redis)
                    .evalLate(ECHO, () -> new ScriptInput(List.of(), List.of(new byte[MIB + 1])), Promises.PATIENCE);
            assertThat(catchThrowable(late::join)).hasCauseInstanceOf(IllegalArgumentException.class);

            assertThat(SyncCore.of(redis).getBytes("key").orElseThrow()).hasSize(MIB);
            assertThat(proxy.accepted()).isEqualTo(1);
        }
    }

    @Test
    void refusesACommandThatIsTooLargeForABuffer() {
        byte[] half = new byte[MIB];
        byte[][] arguments = new byte[2_100][];
        Arrays.fill(arguments, half);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SizeLimit(MIB).check(Command.MGET, arguments))
                .withMessageContaining("split it into several calls");
    }

    @Test
    void servesButDoesNotCacheAValueThatIsTooLarge() {
        try (RedisManager redis = manager(proxy.url(), MIB)) {
            Cache<String> cache = Cache.builder(redis, "cache", String.class)
                    .ttl(Duration.ofMinutes(1))
                    .build();
            AtomicInteger loads = new AtomicInteger();
            for (int i = 0; i < 2; i++) {
                assertThat(cache.get("large", key -> {
                            loads.incrementAndGet();
                            return Optional.of("x".repeat(MIB));
                        }))
                        .hasValueSatisfying(value -> assertThat(value).hasSize(MIB));
            }

            assertThat(loads).hasValue(2);
            assertThat(server.command("EXISTS", "cache::large")).isEqualTo("0");
            assertThat(proxy.accepted()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void failsNoOtherCallWhenTheServerRejectsAValue() {
        try (RedisManager redis = manager(server.url(), SizeLimitTest.MIB * 512L)) {
            Promises.warmUp(redis);
            redis.setSync("small", "value");
            for (int size : new int[] {MIB + 1, 3 * MIB, 16 * MIB}) {
                List<CompletableFuture<?>> others = calls(redis);
                CompletableFuture<Void> large =
                        CoreAccess.coreOf(redis).setBytes("large", new byte[size], Duration.ofMinutes(1));
                others.addAll(calls(redis));

                assertThat(catchThrowable(large::join).getCause())
                        .as("%d bytes", size)
                        .isInstanceOf(RedisRefusedException.class)
                        .hasMessageContaining("ERR Protocol error: invalid bulk length")
                        .hasMessageContaining("a value of " + size + " bytes")
                        .hasMessageContaining("proto-max-bulk-len");
                assertThat(redis.getSync("small")).contains("value");
                assertThat(others)
                        .as("%d bytes", size)
                        .allSatisfy(call -> assertThat(call).succeedsWithin(Promises.PATIENCE));
            }
        }
    }

    /** Here the server closes the connection without a word. */
    @Test
    void namesTheLimitsThatTheServerDoesNot() {
        try (EmbeddedRedis strict = EmbeddedRedis.builder()
                        .option("client-query-buffer-limit", "1mb")
                        .start();
                RedisManager redis = manager(strict.url(), MIB * 512L)) {
            Promises.warmUp(redis);

            assertThat(catchThrowable(() -> CoreAccess.coreOf(redis)
                            .setBytes("large", new byte[3 * MIB], Duration.ofMinutes(1))
                            .join()))
                    .cause()
                    .isInstanceOf(RedisOutcomeUnknownException.class)
                    .hasMessageContainingAll("client-query-buffer-limit", "maxmemory-clients");
        }
    }

    @Test
    void failsNoOtherCallWhenTheServerRejectsAnArgument() {
        try (RedisManager redis = manager(server.url(), SizeLimitTest.MIB * 512L)) {
            Promises.warmUp(redis);
            redis.setSync("small", "value");
            List<CompletableFuture<?>> others = calls(redis);
            CompletableFuture<ScriptReply> large = redis.evalAsync(ECHO, List.of(), List.of(new byte[3 * MIB]));
            others.addAll(calls(redis));

            assertThat(catchThrowable(large::join).getCause())
                    .isInstanceOf(RedisRefusedException.class)
                    .hasMessageContaining("proto-max-bulk-len");
            assertThat(others).allSatisfy(call -> assertThat(call).succeedsWithin(Promises.PATIENCE));
        }
    }

    private static List<CompletableFuture<?>> calls(RedisManager redis) {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            calls.add(redis.getAsync("small"));
            calls.add(redis.setAsync("n" + i, "value", Duration.ofMinutes(1)));
        }
        return calls;
    }

    private static RedisManager manager(String url, long maxValueBytes) {
        return RedisManager.create(RedisSettings.builder(url)
                .maxValueBytes(maxValueBytes)
                .poolSize(0)
                .build());
    }
}
