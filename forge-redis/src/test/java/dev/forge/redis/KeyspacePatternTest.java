package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A pattern over a keyspace matches what it matches on plain keys, although the keys of a keyspace are encoded. */
class KeyspacePatternTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    static final List<String> PATTERNS = List.of(
            "a^*", "a]*", "\\[1,*]", "a?b", "a??b", "?b", "a[^b]c", "a[%x]*", "a[{x]*", "a[!-~]?", "a[a-]*", "a[*]b",
            "a[]", "*A", "*2A*", "*Ab", "*[A]b", "*[0-9]*", "*%", "*\\%b", "a\\*b", "a[\n]*", "*é", "a??c", "a[é",
            "a[^");

    private static final List<String> KEYS = List.of(
            "a", "a^", "a^1", "a]1", "[1,2]", "1,2]", "a{b", "a*b", "ab", "axb", "a%c", "abc", "axc", "a%", "a%b", "ax",
            "a2z", "a7z", "a{", "a[", "A", "A*", "*A", "*b", "2A", "*", "a\n", "a\nb", "é", "aéc", "aé", "a-", "a-]");

    private static final Keyspace USERS = new Keyspace("users");

    private RedisManager redis;
    private RedisManager plain;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(
                RedisSettings.builder(SERVER.url()).keyPrefix("app-[1]*:").build());
        plain = RedisManager.create(
                RedisSettings.builder(SERVER.url()).keyPrefix("plain:").build());
    }

    @AfterEach
    void close() {
        redis.close();
        plain.close();
    }

    @ParameterizedTest
    @FieldSource("PATTERNS")
    void matchesAsOnPlainKeys(String pattern) {
        matchesAsOnPlainKeys(KeyPattern.of(pattern), KEYS);
    }

    @Test
    void matchesAsOnPlainKeysWhateverThePatternIs() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> keys = Stream.generate(() -> text(random, "ab2AF*?[]^-\\%{\né", 4))
                .distinct()
                .limit(300)
                .toList();
        try {
            Stream.generate(() -> pattern(text(random, "ab2AF**??[[]]^-\\%{\n", 7)))
                    .flatMap(Optional::stream)
                    .limit(Promises.count(200, 2_000))
                    .forEach(pattern -> matchesAsOnPlainKeys(pattern, keys));
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void countsWhatMatchesInADryRun() {
        write(KEYS);

        assertThat(redis.deletion(USERS, KeyPattern.of("a?b")).dryRun().startSync())
                .satisfies(report -> assertThat(report.matched()).isEqualTo(5))
                .satisfies(report -> assertThat(
                                report.sample().stream().map(key -> key.substring(key.indexOf("::") + 2)))
                        .containsExactlyInAnyOrder("axb", "a%7Bb", "a%2Ab", "a%25b", "a%0Ab"));
    }

    @Test
    void refusesTheResumePointOfAnotherPatternThatLooksTheSameToTheServer() {
        write(IntStream.range(0, 2_000).mapToObj(i -> "a" + i + "b").toList());
        String point = redis.deletion(USERS, KeyPattern.of("a?b"))
                .budget(Duration.ofNanos(1))
                .startSync()
                .resumePoint()
                .orElseThrow();

        PatternDeletion another = redis.deletion(USERS, KeyPattern.of("a*b")).resumeFrom(point);

        assertThatIllegalArgumentException()
                .isThrownBy(another::startSync)
                .withMessageContaining("of the same pattern");
        assertThat(redis.deletion(USERS, KeyPattern.of("a?b"))
                        .resumeFrom(point)
                        .startSync()
                        .isComplete())
                .isTrue();
    }

    private void matchesAsOnPlainKeys(KeyPattern pattern, List<String> keys) {
        write(keys);

        long expected = plain.deletePatternSync(pattern);
        long removed = redis.deletePatternSync(USERS, pattern);

        assertThat(keys.stream().filter(key -> redis.getSync(USERS.key(key)).isEmpty()))
                .as("removed by %s", pattern)
                .containsExactlyElementsOf(keys.stream()
                        .filter(key -> plain.getSync(key).isEmpty())
                        .toList());
        assertThat(removed).isEqualTo(expected);
    }

    private void write(List<String> keys) {
        CompletableFuture.allOf(keys.stream()
                        .flatMap(key -> Stream.of(plain.setAsync(key, "v"), redis.setAsync(USERS.key(key), "v")))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    private static Optional<KeyPattern> pattern(String text) {
        try {
            return Optional.of(KeyPattern.of(text));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    private static String text(Random random, String characters, int most) {
        return random.ints(1 + random.nextInt(most), 0, characters.length())
                .mapToObj(i -> characters.substring(i, i + 1))
                .reduce("", String::concat);
    }
}
