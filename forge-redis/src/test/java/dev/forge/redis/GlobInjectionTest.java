package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A user id may hold anything; a pattern with it as the argument must match the keys of that user only. */
class GlobInjectionTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    static final List<String> IDS = List.of(
            "*", "**", "?", "??", "[", "]", "[]", "[a]", "[^a]", "[a-z]", "[a-z]*", "[\\]", "^", "-", "a-c", "\\",
            "\\\\", "a\\", "\\*", "*\\", "a*", "*a", "a?", "{}", "{a}", "%2A", "a:b", ":", "é", "😀", "\n", "\0", "a",
            "b", "ab", "abc", "z");

    private static final Keyspace USERS = new Keyspace("users");

    private RedisManager redis;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(
                RedisSettings.builder(SERVER.url()).keyPrefix("app-[1]*:").build());
        for (String id : IDS) {
            redis.setAsync("user:" + id + ":x", "v");
            redis.setAsync("user:" + id, "v");
            redis.setAsync(USERS.key(id + ":x"), "v");
            redis.setAsync(USERS.key(id), "v");
        }
        redis.setSync("last", "v");
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @ParameterizedTest
    @FieldSource("IDS")
    void matchesOnlyItsArgumentOnTheServer(String id) {
        deletes(KeyPattern.of("user:{}:x", id), ("user:" + id + ":x")::equals);
    }

    @ParameterizedTest
    @FieldSource("IDS")
    void matchesAtTheEndOfAPattern(String id) {
        deletes(KeyPattern.of("user:{}", id), ("user:" + id)::equals);
    }

    @ParameterizedTest
    @FieldSource("IDS")
    void matchesInFrontOfAWildcard(String id) {
        deletes(KeyPattern.of("user:{}*", id), key -> key.startsWith("user:" + id));
    }

    @ParameterizedTest
    @FieldSource("IDS")
    void matchesInsideOfAKeyspace(String id) {
        List<String> expected = keysBut(key -> key.startsWith(USERS.key(id)));

        redis.deletePatternSync(USERS, KeyPattern.of("{}*", id));

        assertThat(keysBut(key -> false)).isEqualTo(expected);
    }

    @Test
    void takesAPrefixOfTheSettingsLiterally() {
        try (RedisManager other = RedisManager.create(
                RedisSettings.builder(SERVER.url()).keyPrefix("app-1xyz:").build())) {
            other.setSync("user:a:x", "v");

            redis.deletePatternSync("user:*");

            assertThat(other.getSync("user:a:x")).isPresent();
        }
    }

    @Test
    void takesATrailingBackslashLiterally() {
        deletes(KeyPattern.of("user:a\\"), "user:a\\"::equals);
    }

    private void deletes(KeyPattern pattern, Predicate<String> matching) {
        List<String> expected = keysBut(matching);

        redis.deletePatternSync(pattern);

        assertThat(keysBut(key -> false)).isEqualTo(expected);
    }

    private List<String> keysBut(Predicate<String> deleted) {
        String prefix = redis.settings().keyPrefix();
        return redis.getSyncClient().keys("*").stream()
                .map(key -> key.substring(prefix.length()))
                .filter(key -> !deleted.test(key))
                .sorted()
                .toList();
    }
}
