package dev.forge.redis.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionRotationTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;
    private SessionStore sessions;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        sessions = SessionStore.create(redis);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void givesTheSessionANewIdAndNothingElse() {
        Session old = sessions.create("ada", Map.of("theme", "dark"));

        Session rotated = sessions.rotate(old.id().value()).orElseThrow();

        assertThat(rotated.id()).isNotEqualTo(old.id());
        assertThat(rotated)
                .usingRecursiveComparison()
                .ignoringFields("id", "lastSeenAt")
                .isEqualTo(old);
        assertThat(sessions.get(rotated.id().value())).contains(rotated);
    }

    @Test
    void leavesNothingOfTheOldId() {
        Session old = sessions.create("ada", Map.of());
        String id = old.id().value();

        sessions.rotate(id);

        assertThat(sessions.get(id)).isEmpty();
        assertThat(sessions.touch(id)).isFalse();
        assertThat(sessions.merge(id, Map.of("a", "1"))).isEmpty();
        assertThat(sessions.save(old.with("a", "1"))).isInstanceOf(SaveResult.Ended.class);
        assertThat(sessions.rotate(id)).isEmpty();
        assertThat(sessions.delete(id)).isFalse();
        assertThat(sessions.sessionsOf("ada")).hasSize(1);
    }

    @Test
    void makesAPlantedIdWorthlessAtTheLogin() {
        // The attacker gets a session and makes the victim use its id.
        Session planted = sessions.create(Session.ANONYMOUS, Map.of("cart", "3"));
        String id = planted.id().value();

        Session login = sessions.rotate(id, "ada").orElseThrow();

        assertThat(login.user()).isEqualTo("ada");
        assertThat(login.attributes()).isEqualTo(planted.attributes());
        assertThat(sessions.get(id)).isEmpty();
        assertThat(sessions.sessionsOf("ada")).hasSize(1);
    }

    @Test
    void neverAdoptsAnIdThatAClientMadeUp() {
        String invented = "A".repeat(43);

        assertThat(sessions.get(invented)).isEmpty();
        assertThat(sessions.touch(invented)).isFalse();
        assertThat(sessions.merge(invented, Map.of("a", "1"))).isEmpty();
        assertThat(sessions.rotate(invented)).isEmpty();
        assertThat(sessions.rotate(invented, "ada")).isEmpty();

        assertThat(redis.getSyncClient().dbsize()).isZero();
    }

    @Test
    void movesASessionToAnotherUserOrToNone() {
        Session old = sessions.create("ada", Map.of());

        Session bobs = sessions.rotate(old.id().value(), "bob").orElseThrow();
        assertThat(sessions.sessionsOf("ada")).isEmpty();
        assertThat(sessions.sessionsOf("bob")).hasSize(1);

        Optional<Session> nobodys = sessions.rotate(bobs.id().value(), Session.ANONYMOUS);
        assertThat(nobodys.orElseThrow().isAnonymous()).isTrue();
        assertThat(redis.getSyncClient().dbsize()).isEqualTo(1);
    }
}
