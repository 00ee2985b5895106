package dev.forge.redis.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPatternTest {

    @Test
    void takesArgumentsLiterally() {
        assertThat(KeyPattern.of("user:{}:*", "1*").glob()).isEqualTo("user:1\\*:*");
        assertThat(KeyPattern.of("{}:{}:*", "a?", "[b]")).hasToString("a\\?:\\[b\\]:*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "**", "?*", "*???", "[^a]*", "*[^\\]]?", " ", ""})
    void refusesPatternsThatMatchEverything(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of(pattern));
    }

    @Test
    void refusesPatternsThatMatchEverythingByAnEmptyValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPattern.of("{}*", ""))
                .withMessage(
                        "pattern must not match every key (to delete all values of a cache, use Cache.clear; all keys,"
                                + " RedisManager.clearNamespaceSync): {}*");
        assertThat(KeyPattern.of("[ab]*").glob()).isEqualTo("[ab]*");
        assertThat(KeyPattern.of("??").glob()).isEqualTo("??");
    }

    @Test
    void refusesExpensivePatterns() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPattern.of("a".repeat(400_000)))
                .withMessageStartingWith("pattern must have at most 512 bytes, but has more: aaaa");
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("a{}", "b".repeat(512)));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("a{}", "*?".repeat(200_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("é".repeat(257)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPattern.of("*a".repeat(9)))
                .withMessageStartingWith("pattern must have at most 8 wildcards, but has 9: *a");
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("?[a]*".repeat(3)));
        assertThat(KeyPattern.of("*a".repeat(8)).glob()).hasSize(16);
        assertThat(KeyPattern.of("{}*", "*".repeat(100)).glob()).hasSize(201);
        assertThat(KeyPattern.of("é".repeat(256)).glob()).hasSize(256);
    }

    @Test
    void refusesAPlaceWhereAValueWouldBeSyntax() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPattern.of("user:\\{}:x", "*"))
                .withMessageStartingWith("pattern must not have {} after a backslash or within brackets");
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("user:[{}]", "^a"));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("user:[a-{}]", "z"));
        assertThat(KeyPattern.of("user:\\\\{}:x", "*").glob()).isEqualTo("user:\\\\\\*:x");
        assertThat(KeyPattern.of("[ab]{}", "*").glob()).isEqualTo("[ab]\\*");
    }

    @Test
    void refusesHalfASurrogatePairWhichWouldBeSentAsAWildcard() {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("user:{}:x", "\ud800"));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("user:\udc00:*"));
        assertThat(KeyPattern.of("{}:*", "😀").glob()).isEqualTo("😀:*");
    }

    @Test
    void needsOneValueForEachPlaceholder() {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("{}:{}", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("{}", 1, 2));
    }

    @Test
    void keepsKeyspacesApart() {
        Keyspace user = new Keyspace("user");

        assertThat(user.key("profile:42")).isEqualTo("user::profile:42");
        assertThat(new Keyspace("user:profile").key("42")).isEqualTo("user:profile::42");
        assertThat(user.key("{a}*")).isEqualTo("user::%7Ba%7D%2A");
        assertThat(user.glob("app-1:", KeyPattern.of("{}:*", "a*"))).isEqualTo("app\\-1:user::a%2A:*");
        assertThat(user.glob("", KeyPattern.of("a\\*\\{\\-b\\"))).isEqualTo("user::a%2A%7B\\-b%5C");
        assertThat(user.wholeGlob("app-1:")).isEqualTo("app\\-1:user::*");
        for (String name : List.of("", "a::b", ":a", "a:", "a*", "{a}", "a b", "a".repeat(129))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Keyspace(name));
        }
    }
}
