package dev.forge.redis.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RedisKeyTest {

    @Test
    void joinsSegmentsByColons() {
        assertThat(RedisKey.of("user", 42, "profile")).isEqualTo("user:42:profile");
        assertThat(RedisKey.of("naïve 😀")).isEqualTo("naïve 😀");
    }

    @Test
    void letsNoSegmentPassForTwo() {
        assertThat(RedisKey.of("user", "1:admin"))
                .isEqualTo("user:1%3Aadmin")
                .isNotEqualTo(RedisKey.of("user", 1, "admin"));
        assertThat(RedisKey.of("{a}*?[b]^\\%\n")).isEqualTo("%7Ba%7D%2A%3F%5Bb%5D%5E%5C%25%0A");
    }

    @Test
    void givesDifferentSegmentsDifferentKeys() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, List<String>> seen = new HashMap<>();

        for (int i = 0; i < 100_000; i++) {
            List<String> segments = List.of(text(random), text(random), text(random));
            String key = RedisKey.of(segments.get(0), segments.get(1), segments.get(2));
            List<String> other = seen.put(key, segments);

            assertThat(other == null || other.equals(segments))
                    .as("seed %d: %s and %s are both %s", seed, segments, other, key)
                    .isTrue();
        }
    }

    @Test
    void hashesNoSecretThatIsNotUnicode() {
        Keyspace keyspace = new Keyspace("tokens");

        assertThat(keyspace.hashedKey("\ud83d\ude00")).isNotEqualTo(keyspace.hashedKey("?"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keyspace.hashedKey("\ude00"))
                .withMessage("secret must be valid Unicode, but holds half of a surrogate pair");
    }

    @Test
    void refusesInvalidKeys() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisKey.bytes("", ""))
                .withMessage("key must not be empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisKey.bytes("", "x\ud800y"))
                .withMessage("key must be valid Unicode, but holds half of a surrogate pair: x\\ud800y");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisKey.bytes("", "k".repeat(600 * 1024)))
                .withMessageContaining("key must have at most 1024 bytes, but has 614400 characters")
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(200));
        assertThatIllegalArgumentException().isThrownBy(() -> RedisKey.bytes("p", "é".repeat(512)));
        assertThat(RedisKey.bytes("", "é".repeat(512))).hasSize(1024);
    }

    @Test
    void saysWhichRuleTheNameOfAKeyspaceBreaks() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Keyspace("n".repeat(129)))
                .withMessage("name must have at most 128 characters, but has 129: " + "n".repeat(64) + "…");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Keyspace("a::b"))
                .withMessageContaining("joined by single colons, but was a::b");
        assertThatIllegalArgumentException().isThrownBy(() -> new Keyspace("")).withMessageEndingWith("but was empty");
    }

    @Test
    void showsNothingThatForgesALogLine() {
        assertThat(RedisKey.shown("a\r\n2026 ERROR forged \u001b[2J\u2028"))
                .isEqualTo("a\\u000d\\u000a2026 ERROR forged \\u001b[2J\\u2028");
        assertThat(RedisKey.shown("k".repeat(100))).isEqualTo("k".repeat(64) + "…");
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(":%*a{}3A".charAt(random.nextInt(8)));
        }
        return text.toString();
    }
}
