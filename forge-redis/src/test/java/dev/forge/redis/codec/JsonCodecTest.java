package dev.forge.redis.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {

    private record Profile(
            long id,
            String name,
            LocalDate born,
            Instant seen,
            BigDecimal balance,
            List<String> tags,
            Map<String, Integer> scores) {}

    private static final Profile PROFILE = new Profile(
            1,
            "Ada \0 \u2028 😀",
            LocalDate.of(1815, 12, 10),
            Instant.parse("2026-11-23T00:00:00.123456789Z"),
            new BigDecimal("12345678901234567890.10"),
            List.of("", "x"),
            Map.of("a", 1));

    private final JsonCodec<Profile> codec = JsonCodec.of(Profile.class);

    @Test
    void readsWhatItWrote() {
        assertThat(codec.decode(codec.encode(PROFILE))).isEqualTo(PROFILE);
    }

    @Test
    void ignoresPropertiesOfAnotherRelease() {
        String json = new String(codec.encode(PROFILE), UTF_8);

        assertThat(codec.decode(json.replace("{\"balance\"", "{\"later\":{\"x\":1},\"balance\"")
                        .getBytes(UTF_8)))
                .isEqualTo(PROFILE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{\"id\":\"CANARY\"}", "CANARY", "{\"born\":\"CANARY\"}"})
    void refusesUnreadableValuesWithoutShowingThem(String json) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(json.getBytes(UTF_8)))
                .withMessageStartingWith("cannot read a ")
                .withMessageNotContaining("CANARY")
                .withNoCause();
    }

    @Test
    void namesTheExceptionOfAGetter() {
        record Lazy(long id) {
            @JsonProperty
            String name() {
                if (id == 1) {
                    throw new IllegalStateException("CANARY");
                }
                return "loaded";
            }
        }

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> JsonCodec.of(Lazy.class).encode(new Lazy(1)))
                .withMessageStartingWith("cannot write a ")
                .withMessageEndingWith("[\"name\"] (IllegalStateException)")
                .withMessageNotContaining("CANARY")
                .withNoCause();
    }

    @Test
    void loadsNoClassThatAValueNames() {
        record Id(long id) {}
        String gadget = "{\"@class\":\"javax.script.ScriptEngineManager\",\"id\":1}";

        assertThat(JsonCodec.of(Id.class).decode(gadget.getBytes(UTF_8)).id()).isEqualTo(1);
        assertThat(JsonCodec.of(Object.class).decode(gadget.getBytes(UTF_8))).isInstanceOf(Map.class);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode("[\"com.sun.rowset.JdbcRowSetImpl\",{}]".getBytes(UTF_8)));
    }
}
