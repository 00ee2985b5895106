package dev.forge.redis.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

    private final JsonCodec<Profile> codec = JsonCodec.of(Profile.class);

    @Test
    void returnsWhatItWasGiven() {
        Profile profile = new Profile(
                1,
                "Ada \0 \u2028 😀",
                LocalDate.of(1815, 12, 10),
                Instant.parse("2026-11-23T00:00:00.123456789Z"),
                new BigDecimal("12345678901234567890.10"),
                List.of("", "x"),
                Map.of("a", 1));

        assertThat(codec.decode(codec.encode(profile))).isEqualTo(profile);
    }

    @Test
    void ignoresPropertiesOfAnotherRelease() {
        assertThat(codec.decode("{\"id\":7,\"later\":{\"x\":1}}".getBytes(UTF_8))
                        .id())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{\"id\":\"CANARY\"}", "CANARY", "{\"born\":\"CANARY\"}"})
    void refusesWhatItCannotReadWithoutShowingIt(String json) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(json.getBytes(UTF_8)))
                .withMessageStartingWith("cannot read a ")
                .withMessageNotContaining("CANARY")
                .withNoCause();
    }

    @Test
    void loadsNoClassThatAValueNames() {
        String gadget = "{\"@class\":\"javax.script.ScriptEngineManager\",\"id\":1}";

        assertThat(codec.decode(gadget.getBytes(UTF_8)).id()).isEqualTo(1);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode("[\"com.sun.rowset.JdbcRowSetImpl\",{}]".getBytes(UTF_8)));
    }
}
