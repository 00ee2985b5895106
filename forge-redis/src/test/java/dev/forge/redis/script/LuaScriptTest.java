package dev.forge.redis.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LuaScriptTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    @Test
    void runsOnceEvenIfTheServerForgotIt() {
        LuaScript increment = LuaScript.of("increment", "return redis.call('INCR', KEYS[1])");
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            assertThat(redis.evalSync(increment, List.of("n"), List.of()).asLong())
                    .isEqualTo(1);
            redis.getSyncClient().scriptFlush();

            assertThat(redis.evalSync(increment, List.of("n"), List.of()).asLong())
                    .isEqualTo(2);
            assertThat(redis.evalSync(increment, List.of("n"), List.of()).asLong())
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"return redis.error_reply('NOSCRIPT no script of this customer')", "return {err = 'NOSCRIPT'}"})
    void runsOnceIfItRepliesItselfThatThereIsNoScript(String reply) {
        LuaScript own = LuaScript.of("own", "redis.call('INCR', KEYS[1]) " + reply);
        try (RedisManager redis = RedisManager.create(
                RedisSettings.builder(SERVER.url()).poolSize(0).build())) {
            // In full, and then by its digest.
            for (String runs : List.of("1", "2")) {
                assertThatExceptionOfType(RedisRefusedException.class)
                        .isThrownBy(() -> redis.evalSync(own, List.of("n"), List.of()))
                        .returns(RefusalReason.NOSCRIPT, RedisRefusedException::reason);

                assertThat(redis.getSync("n")).contains(runs);
            }
        }
    }

    @Test
    void runsOnceInFullEvenIfItRepliesAsAServerThatDoesNotKnowIt() {
        LuaScript own = LuaScript.of(
                "own",
                "redis.call('INCR', KEYS[1]) return redis.error_reply('NOSCRIPT No matching script. Please use EVAL.')");
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            assertThatExceptionOfType(RedisRefusedException.class)
                    .isThrownBy(() -> redis.evalSync(own, List.of("n"), List.of()))
                    .returns(RefusalReason.NOSCRIPT, RedisRefusedException::reason);

            assertThat(redis.getSync("n")).contains("1");
        }
    }

    @Test
    void keepsItsOrderBeforeTheServerKnowsIt() {
        LuaScript write = LuaScript.of("write", "return redis.call('SET', KEYS[1], 'new') -- " + System.nanoTime());
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            CompletableFuture<ScriptReply> written = redis.evalAsync(write, List.of("k"), List.of());
            CompletableFuture<Optional<String>> read = redis.getAsync("k");

            assertThat(read.join()).contains("new");
            assertThat(written.join().asText()).isEqualTo("OK");
        }
    }

    @Test
    void keepsItsOrderOnceTheServerForgotScripts() {
        LuaScript write = LuaScript.of("write", "return redis.call('SET', KEYS[1], ARGV[1]) -- " + System.nanoTime());
        LuaScript other = LuaScript.of("other", "return 1 -- " + System.nanoTime());
        // Without direct connections, whose scripts say nothing about the shared one.
        try (RedisManager redis = RedisManager.create(
                RedisSettings.builder(SERVER.url()).poolSize(0).build())) {
            redis.evalSync(write, List.of("k"), List.of(LuaScript.argument("old")));
            redis.evalSync(other, List.of(), List.of());
            redis.getSyncClient().scriptFlush();
            redis.evalSync(other, List.of(), List.of());

            List<CompletableFuture<?>> calls = new ArrayList<>();
            Promises.whileNothingLeaves(redis, () -> {
                calls.add(redis.evalAsync(write, List.of("k"), List.of(LuaScript.argument("new"))));
                calls.add(redis.getAsync("k"));
            });

            assertThat(calls.get(1).join()).isEqualTo(Optional.of("new"));
            assertThat(calls.get(0)).succeedsWithin(Promises.PATIENCE);
        }
    }

    @Test
    void keepsItsOrderAmongForgottenScripts() {
        LuaScript append =
                LuaScript.of("append", "return redis.call('RPUSH', KEYS[1], ARGV[1]) -- " + System.nanoTime());
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            redis.evalSync(append, List.of("list"), List.of(LuaScript.argument("0")));
            redis.getSyncClient().scriptFlush();

            List<CompletableFuture<ScriptReply>> replies = new ArrayList<>();
            Promises.whileNothingLeaves(redis, () -> {
                for (int i = 1; i <= 100; i++) {
                    replies.add(redis.evalAsync(append, List.of("list"), List.of(LuaScript.argument(i))));
                }
            });

            assertThat(replies.stream().map(reply -> reply.join().asLong()))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(2, 101).boxed().toList());
        }
    }

    @Test
    void isSentInFullOnTheConnectionOnWhichItWasForgotten() {
        LuaScript echo = LuaScript.of("echo", "return ARGV[1] -- " + System.nanoTime());
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            redis.evalSync(echo, List.of(), List.of(LuaScript.argument("a")));
            redis.getSyncClient().scriptFlush();

            Call<ScriptReply> call =
                    (Call<ScriptReply>) redis.evalAsync(echo, List.of(), List.of(LuaScript.argument("b")));
            int stripe = call.stripe;

            assertThat(call.join().asText()).isEqualTo("b");
            assertThat(call.stripe).isEqualTo(stripe).isNotEqualTo(Call.NO_STRIPE);
        }
    }

    @Test
    void getsItsInputWhenItIsSent() {
        LuaScript echo = LuaScript.of("echo", "return {KEYS[1], ARGV[1]}");
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            redis.initializeSync();
            AtomicReference<String> word = new AtomicReference<>("early");
            AtomicReference<CompletableFuture<ScriptReply>> reply = new AtomicReference<>();

            Promises.whileNothingLeaves(redis, () -> {
                reply.set(CoreAccess.coreOf(redis)
                        .evalLate(
                                echo,
                                () -> new ScriptInput(List.of("k"), List.of(LuaScript.argument(word.get()))),
                                Promises.PATIENCE));
                word.set("late");
            });

            assertThat(reply.get().join().asList().stream().map(ScriptReply::asText))
                    .containsExactly("k", "late");
        }
    }

    static List<Supplier<ScriptInput>> suppliersThatThrow() {
        return List.of(
                () -> {
                    throw new IllegalArgumentException("no input");
                },
                () -> {
                    throw new StackOverflowError("no input");
                });
    }

    @ParameterizedTest
    @MethodSource("suppliersThatThrow")
    void failsAloneIfItGetsNoInput(Supplier<ScriptInput> input) {
        LuaScript echo = LuaScript.of("echo", "return ARGV[1]");
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            redis.initializeSync();
            CompletableFuture<ScriptReply> reply = CoreAccess.coreOf(redis).evalLate(echo, input, Promises.PATIENCE);

            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(reply::join)
                    .havingCause()
                    .withMessage("no input");
            assertThat(redis.getSync("k")).isEmpty();
        }
    }

    @Test
    void needsItsKeysUpFrontOnACluster() {
        LuaScript echo = LuaScript.of("echo", "return ARGV[1]");
        try (RedisManager redis = RedisManager.create(RedisSettings.of("redis-cluster://127.0.0.1:1"))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> CoreAccess.coreOf(redis)
                            .evalLate(echo, () -> new ScriptInput(List.of(), List.of()), Duration.ofSeconds(1)));
        }
    }

    @Test
    void readsRepliesOfEveryShape() {
        LuaScript shapes = LuaScript.of("shapes", "return {1, 'two', {3, {}, {'four'}}, false, ARGV[1]}");
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            List<ScriptReply> reply = redis.evalSync(shapes, List.of(), List.of(new byte[] {0, -1}))
                    .asList();

            assertThat(reply.get(0).asLong()).isEqualTo(1);
            assertThat(reply.get(1).asText()).isEqualTo("two");
            assertThat(reply.get(2).asList().get(1).asList()).isEmpty();
            assertThat(reply.get(2).asList().get(2).asList().get(0).asText()).isEqualTo("four");
            assertThat(reply.get(3).isNothing()).isTrue();
            assertThat(reply.get(4).asBytes().orElseThrow()).isEqualTo(new byte[] {0, -1});
            assertThat(redis.evalSync(LuaScript.of("nil", "return nil"), List.of(), List.of())
                            .isNothing())
                    .isTrue();
        }
    }

    @Test
    void reportsTheErrorOfAScriptWithoutItsValues() {
        LuaScript broken = LuaScript.of("broken", "return redis.call('INCR', KEYS[1], ARGV[1])");
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            assertThatExceptionOfType(RedisRefusedException.class)
                    .isThrownBy(() ->
                            redis.evalSync(broken, List.of("n"), List.of("CANARY".getBytes(StandardCharsets.UTF_8))))
                    .withMessageNotContaining("CANARY")
                    .returns(RefusalReason.OTHER, RedisRefusedException::reason);
        }
    }

    @Test
    void showsNothingOfAnErrorThatForgesALogLine() {
        LuaScript quoting = LuaScript.of("quoting", "return redis.error_reply('NOUSER ' .. ARGV[1])");
        byte[] name = "ada\u001b[2K\u001b[1A\u2028forged".getBytes(StandardCharsets.UTF_8);
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            assertThatExceptionOfType(RedisRefusedException.class)
                    .isThrownBy(() -> redis.evalSync(quoting, List.of(), List.of(name)))
                    .withMessageEndingWith("NOUSER ada\\u001b[2K\\u001b[1A\\u2028forged");
        }
    }

    /** On a connection that reads into a small buffer too. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void reportsALongErrorOfAScript(int poolSize) {
        LuaScript broken = LuaScript.of("broken", "return redis.error_reply('ODD ' .. string.rep('x', 30000))");
        RedisSettings settings =
                RedisSettings.of(SERVER.url()).toBuilder().poolSize(poolSize).build();
        try (RedisManager redis = RedisManager.create(settings)) {
            Promises.warmUp(redis);

            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(RedisRefusedException.class)
                        .isThrownBy(() -> redis.evalSync(broken, List.of(), List.of()))
                        .withMessageContaining("ODD");
            }
            assertThat(redis.connectionStats().reconnects()).isZero();
        }
    }

    @Test
    void reportsWhyACommandWithinAScriptWasRefused() {
        LuaScript increment = LuaScript.of("increment", "return redis.call('INCR', KEYS[1])");
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            redis.getSyncClient().lpush("list", "element");

            assertThatExceptionOfType(RedisRefusedException.class)
                    .isThrownBy(() -> redis.evalSync(increment, List.of("list"), List.of()))
                    .returns(RefusalReason.WRONGTYPE, RedisRefusedException::reason);
        }
    }

    @Test
    void beginsWithItsPrelude() {
        LuaScript whole = LuaScript.beside(Algorithm.class, "fixed_window.lua", "decide.lua");

        assertThat(whole.source())
                .startsWith(
                        LuaScript.beside(Algorithm.class, "fixed_window.lua").source())
                .endsWith(LuaScript.beside(Algorithm.class, "decide.lua").source());
        assertThat(whole.digest()).isEqualTo(LuaScript.sha1Hex(whole.source()));
        assertThat(whole).hasToString("decide.lua");
    }

    @Test
    void refusesAMissingResource() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LuaScript.beside(LuaScriptTest.class, "missing.lua"))
                .withMessage("there is no missing.lua beside dev.forge.redis.script.LuaScriptTest");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LuaScript.beside(Algorithm.class, "missing.lua", "fixed_window.lua"))
                .withMessageContaining("missing.lua");
    }
}
