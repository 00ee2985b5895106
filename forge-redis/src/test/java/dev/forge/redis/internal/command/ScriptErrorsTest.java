package dev.forge.redis.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallOwner;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.script.LuaScript;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The slot of the key {@code foo} is 12182. */
class ScriptErrorsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOSCRIPT No matching script. Please use EVAL.",
                "NOSCRIPT No matching script.",
                "TRYAGAIN Multiple keys request during rehashing of slot",
                "MOVED 12182 10.0.0.2:6379",
                "MOVED 12182 fd00::2:6379",
                "MOVED 12182 redis-2.example:6379",
                "MOVED 12182 :6379",
                "MOVED 12182 ?:6379",
                "ASK 12182 10.0.0.2:6379",
                "LOADING Redis is loading the dataset in memory"
            })
    void acceptsWhatServersReply(String error) {
        assertThat(mayBeOfServer(error, call("foo"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOSCRIPT",
                "NOSCRIPT no script of this customer",
                "TRYAGAIN the queue is full",
                "TRYAGAIN Multiple keys request during rehashing of slot script: 5a1f, on @user_script:1.",
                "ERR Error running script (call to f_5a1f): @user_script:1: TRYAGAIN Multiple keys request during rehashing"
                        + " of slot",
                "MOVED 1 10.0.0.2:6379",
                "MOVED 99999 10.0.0.2:6379",
                "MOVED 12182 10.0.0.2",
                "MOVED 12182 10.0.0.2:6379 script: 5a1f, on @user_script:1.",
                "MOVED to another address",
                "ASK your administrator"
            })
    void recognizesWhatOnlyAScriptReplies(String error) {
        assertThat(mayBeOfServer(error, call("foo"))).isFalse();
    }

    @Test
    void knowsThatAScriptWithoutAKeyIsNotRedirected() {
        assertThat(mayBeOfServer("MOVED 12182 10.0.0.2:6379", call(null))).isFalse();
    }

    @Test
    void knowsThatAScriptSentInFullIsNotMissing() {
        Call<?> call = call("foo");
        call.inFull(LuaScript.of("own", "return 1"));

        assertThat(mayBeOfServer("NOSCRIPT No matching script.", call)).isFalse();
    }

    private static boolean mayBeOfServer(String error, Call<?> call) {
        return ScriptErrors.mayBeOfServer(RefusalReason.of(error), error, call);
    }

    private static Call<?> call(@Nullable String key) {
        return new Call<>(
                Command.EVALSHA,
                new byte[][] {Command.EVALSHA.getBytes(), {}},
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                new Reply.Done(),
                CallOwner.NONE,
                0);
    }
}
