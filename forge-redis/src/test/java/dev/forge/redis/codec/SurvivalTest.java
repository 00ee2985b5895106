package dev.forge.redis.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** What comes back from JSON equals what was written. */
class SurvivalTest {

    private static <T> T copy(JsonCodec<T> codec, T value) {
        byte[] json = codec.encode(value);
        codec.check(value, json);
        return codec.decode(json);
    }

    record Times(OffsetDateTime offset, ZonedDateTime zoned) {}

    @ParameterizedTest
    @ValueSource(strings = {"+02:00", "Z", "-11:30", "Europe/Berlin", "UTC", "GMT+2"})
    void timesKeepTheirOffsetAndTheirZone(String zone) {
        ZonedDateTime overlap = ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 123_456_789, ZoneId.of(zone));
        JsonCodec<Times> codec = JsonCodec.of(Times.class);

        for (ZonedDateTime time : List.of(overlap, overlap.withLaterOffsetAtOverlap())) {
            Times times = new Times(time.toOffsetDateTime(), time);
            assertThat(copy(codec, times)).isEqualTo(times);
        }
    }

    record User(String name) {}

    record Nested(Optional<User> user, List<Optional<String>> names) {}

    @Test
    void typesWithParametersSurvive() {
        List<User> list = List.of(new User("Ada"));
        Map<String, User> map = Map.of("a", new User("Ada"));
        Nested nested = new Nested(Optional.of(new User("Ada")), List.of(Optional.of(""), Optional.empty()));

        assertThat(copy(JsonCodec.of(new TypeRef<List<User>>() {}), list)).isEqualTo(list);
        assertThat(copy(JsonCodec.of(new TypeRef<Map<String, User>>() {}), map)).isEqualTo(map);
        assertThat(copy(JsonCodec.of(Nested.class), nested)).isEqualTo(nested);
        assertThat(copy(JsonCodec.of(new TypeRef<>() {}, JsonMapper.builder().build()), list))
                .isEqualTo(list);
    }

    record Any(
            Object value, Map<String, Object> map, List<? extends Number> numbers, Number number, Serializable some) {}

    static Stream<Object> scalars() {
        return Stream.of(
                true,
                "text",
                (byte) 1,
                (short) 1,
                1,
                1L,
                1L << 40,
                1.5f,
                1.5,
                Double.NaN,
                Float.NEGATIVE_INFINITY,
                'x',
                BigInteger.ONE,
                BigInteger.TWO.pow(200),
                new BigDecimal("0.10"),
                new BigDecimal("12345678901234567890.12"),
                new BigDecimal("1E+3"),
                UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                Instant.parse("2026-03-01T10:15:30.123456789Z"),
                Duration.ofNanos(1_000_000_001),
                LocalDate.of(2026, 3, 1),
                LocalTime.of(10, 15),
                LocalDateTime.of(2026, 3, 1, 10, 15),
                OffsetDateTime.parse("2026-03-01T10:15:30+02:00"),
                ZonedDateTime.parse("2026-03-01T10:15:30+01:00[Europe/Berlin]"));
    }

    @ParameterizedTest
    @MethodSource("scalars")
    void scalarsKeepTheirClassWhereverTheirTypeIsNotDeclared(Object scalar) {
        Number number = scalar instanceof Number given ? given : 7L;
        Any any = new Any(
                scalar,
                Map.of("a", scalar, "deep", List.of(Map.of("b", List.of(scalar)))),
                List.of(number, 1),
                number,
                (Serializable) scalar);

        assertThat(copy(JsonCodec.of(Any.class), any)).isEqualTo(any);
        assertThat(copy(JsonCodec.of(Object.class), scalar)).isEqualTo(scalar);
        Object raw = copy(JsonCodec.of(Map.class), Map.of("a", scalar));
        assertThat(raw).isEqualTo(Map.of("a", scalar));
        assertThat(copy(JsonCodec.of(Number.class), number)).isEqualTo(number);
    }

    @Test
    void nothingIsTaggedThatSurvivesWithoutATag() {
        Object plain = Arrays.asList(1, 1.5, "a", true, null, 1L << 40, Map.of("k", Map.of()));

        assertThat(new String(JsonCodec.of(Object.class).encode(plain), UTF_8))
                .isEqualTo("[1,1.5,\"a\",true,null,1099511627776,{\"k\":{}}]");
        record Declared(Long number, long other) {}
        assertThat(new String(JsonCodec.of(Declared.class).encode(new Declared(1L, 2)), UTF_8))
                .isEqualTo("{\"number\":1,\"other\":2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@Long", "@Map", "@BigDecimal", "@Other", "@class"})
    void aMapThatLooksLikeATagIsStillAMap(String key) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key, 7L);
        map.put("other", Map.of(key, "x"));
        JsonCodec<Object> codec = JsonCodec.of(Object.class);

        assertThat(copy(codec, map)).isEqualTo(map);
        assertThat(copy(codec, Map.of(key, Map.of(key, 7)))).isEqualTo(Map.of(key, Map.of(key, 7)));
        assertThat(copy(codec, List.of(Map.of(key, 7)))).isEqualTo(List.of(Map.of(key, 7)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"@Long\":\"x\"}",
                "{\"@Long\":1,\"b\":2}",
                "{\"@Long\":{}}",
                "{\"@Map\":7}",
                "{\"@UUID\":\"CANARY\"}",
                "{\"@Long\":",
                "{\"@Long\":1"
            })
    void refusesTagsThatAreNeverWritten(String json) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> JsonCodec.of(Object.class).decode(json.getBytes(UTF_8)))
                .withMessageNotContaining("CANARY");
    }

    @Test
    void refusesATagOfAnotherClassThanTheDeclaredOne() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> JsonCodec.of(Number.class).decode("{\"@Character\":\"x\"}".getBytes(UTF_8)));
    }

    @Test
    void findsObjectsThatComeBackAsMaps() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> copy(JsonCodec.of(List.class), List.of(new User("secret"))))
                .withMessageContaining("java.util.List")
                .withMessageNotContaining("secret");
    }

    record Ranking(Set<String> names, Map<String, Set<Long>> scores) {}

    @Test
    void setsKeepTheirOrder() {
        Set<String> names = new LinkedHashSet<>(List.of("z", "a", "m"));
        Ranking ranking = new Ranking(names, Map.of("a", new LinkedHashSet<>(List.of(30L, 2L, 17L))));

        Ranking copy = copy(JsonCodec.of(Ranking.class), ranking);

        assertThat(copy.names()).containsExactly("z", "a", "m");
        assertThat(copy.scores().get("a")).containsExactly(30L, 2L, 17L);
        assertThat(copy(JsonCodec.of(new TypeRef<Set<String>>() {}), names)).containsExactly("z", "a", "m");
    }

    @Test
    void textOfAnyLengthSurvives() {
        String text = "ä".repeat(2_000_000);

        assertThat(copy(JsonCodec.of(String.class), text)).hasSameSizeAs(text).isEqualTo(text);
        // Reaching the limit of Jackson itself takes more memory than a test has.
        assertThat(PlainMapper.create()
                        .tokenStreamFactory()
                        .streamReadConstraints()
                        .getMaxStringLength())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void longNumbersSurvive() {
        BigInteger number = BigInteger.TEN.pow(5_000);

        assertThat(copy(JsonCodec.of(BigInteger.class), number)).isEqualTo(number);
    }

    private static JsonMapper base64() {
        SimpleModule module = new SimpleModule();
        module.addSerializer(String.class, new StdSerializer<String>(String.class) {
            @Override
            public void serialize(String value, JsonGenerator json, SerializationContext context) {
                json.writeString(Base64.getEncoder().encodeToString(value.getBytes(UTF_8)));
            }
        });
        module.addDeserializer(String.class, new StdDeserializer<String>(String.class) {
            @Override
            public String deserialize(JsonParser json, DeserializationContext context) {
                return new String(Base64.getDecoder().decode(json.getString()), UTF_8);
            }
        });
        return JsonMapper.builder().addModule(module).build();
    }

    @Test
    void theRulesOfAMapperHoldForTextToo() {
        JsonCodec<String> codec = JsonCodec.of(String.class, base64());
        byte[] json = codec.encode("secret");

        assertThat(new String(json, UTF_8)).isEqualTo("\"c2VjcmV0\"");
        assertThat(codec.decode(json)).isEqualTo("secret");
        assertThat(codec.decodeOnArrival(java.nio.ByteBuffer.wrap(json))).isNull();
        assertThat(codec.fingerprint()).isNotEqualTo(JsonCodec.of(String.class).fingerprint());
    }
}
