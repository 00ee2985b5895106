package dev.forge.redis.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.forge.redis.RedisManager;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what the server itself packs, on both sides of every change of the format. */
class MessagePackReaderTest {

    private static final LuaScript TEXT =
            LuaScript.of("text", "return cmsgpack.pack(127, {string.rep('x', ARGV[1]) .. 'ö'}, 0)");
    private static final LuaScript LIST = LuaScript.of("list", """
            local list = {}
            for i = 1, tonumber(ARGV[1]) do
              list[i] = 'text ' .. i
            end
            return cmsgpack.pack(list)
            """);
    private static final LuaScript LARGE_NUMBER = LuaScript.of("large number", "return cmsgpack.pack(128)");

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    @ParameterizedTest
    @ValueSource(ints = {0, 29, 30, 253, 254, 65_533, 65_534, 1_000_000})
    void readsTextOfAnyLength(int length) {
        MessagePackReader packed = packed(TEXT, length);

        assertThat(packed.number()).isEqualTo(127);
        assertThat(packed.list()).isEqualTo(1);
        String text = packed.text();
        assertThat(text).isEqualTo("x".repeat(length) + "ö");
        assertThat(text.getBytes(UTF_8)).hasSize(length + 2);
        assertThat(packed.number()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 65_535, 65_536})
    void readsListsOfAnyLength(int length) {
        MessagePackReader packed = packed(LIST, length);

        assertThat(packed.list()).isEqualTo(length);
        for (int i = 1; i <= length; i++) {
            assertThat(packed.text()).isEqualTo("text " + i);
        }
    }

    @Test
    void refusesWhatItDoesNotExpect() {
        assertThatIllegalStateException()
                .isThrownBy(() -> packed(TEXT, 1).text())
                .withMessageContaining("0xa0 to 0xbf, but packed 0x7f");
        assertThatIllegalStateException().isThrownBy(() -> packed(TEXT, 1).list());
        assertThatIllegalStateException().isThrownBy(() -> packed(LIST, 1).number());
        assertThatIllegalStateException()
                .isThrownBy(() -> packed(LARGE_NUMBER, 0).number());
    }

    private static MessagePackReader packed(LuaScript script, int argument) {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            return new MessagePackReader(redis.evalSync(script, List.of("key"), List.of(LuaScript.argument(argument)))
                    .asBytes()
                    .orElseThrow());
        }
    }
}
