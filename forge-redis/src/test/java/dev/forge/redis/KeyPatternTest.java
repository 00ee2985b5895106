package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.forge.redis.test.RedisExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeyPatternTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final List<String> HOSTILE =
            List.of("*", "?", "[12]", "[^1]", "1-2", "\\", "a\\", "^", "]", "[", "{}", "%2A", "a:b", "[a-z]*");

    @Test
    void takesWhatFillsItLiterally() {
        assertThat(KeyPattern.of("user:{}:*", "1*").glob()).isEqualTo("user:1\\*:*");
        assertThat(KeyPattern.of("{}:{}:*", "a?", "[b]")).hasToString("a\\?:\\[b\\]:*");
    }

    @Test
    void matchesOnTheServerWhatItWasFilledWithAndNothingElse() {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            for (String id : HOSTILE) {
                List<String> others = new ArrayList<>(HOSTILE);
                others.add("1");
                others.add("12");
                others.remove(id);
                others.forEach(other -> redis.setSync("user:" + other + ":x", "1"));
                redis.setSync("user:" + id + ":x", "1");

                long removed = redis.deletePatternSync(KeyPattern.of("user:{}:*", id));

                assertThat(removed).as(id).isEqualTo(1);
                assertThat(redis.getSync("user:" + id + ":x")).as(id).isEmpty();
                assertThat(others)
                        .allMatch(other -> redis.getSync("user:" + other + ":x").isPresent());
            }
        }
    }

    @Test
    void refusesWhatMatchesEverythingUnlessThatIsSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPattern.of("*"))
                .withMessage(
                        "pattern must not match every key, but was * (say KeyPattern.everything() if that is meant)");
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("**"));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("{}*", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of(" "));
        assertThat(KeyPattern.everything().glob()).isEqualTo("*");
    }

    @Test
    void refusesPatternsThatWouldHurtTheServer() {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("a".repeat(400_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("*a".repeat(9)));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.of("a{}", "b".repeat(512)));
        assertThat(KeyPattern.of("{}*", "*".repeat(100)).glob()).hasSize(201);
    }

    @Test
    void needsOneValueForEachPlace() {
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
        for (String name : List.of("", "a::b", ":a", "a:", "a*", "{a}", "a b", "a".repeat(129))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Keyspace(name));
        }
    }
}
