package dev.forge.redis.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.forge.redis.RedisManager;
import dev.forge.redis.session.SaveResult.Ended;
import dev.forge.redis.session.SaveResult.Saved;
import dev.forge.redis.session.SaveResult.Stale;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionChangeTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;
    private SessionStore sessions;
    private Session session;
    private String id;

    @BeforeEach
    void begin() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        sessions = SessionStore.create(redis);
        session = sessions.create("ada", Map.of("theme", "dark", "step", "1"));
        id = session.id().value();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void savesTheWholeSessionIfUnchangedMeanwhile() {
        SaveResult result = sessions.save(session.with("step", "2").without(List.of("theme")));

        assertThat(result).isInstanceOfSatisfying(Saved.class, saved -> {
            assertThat(saved.session().attributes()).isEqualTo(Map.of("step", "2"));
            assertThat(saved.session()).isEqualTo(sessions.get(id).orElseThrow());
        });
    }

    @Test
    void refusesToSaveAStaleVersion() {
        sessions.merge(id, Map.of("step", "2"));

        SaveResult result = sessions.save(session.with("theme", "light"));

        assertThat(result)
                .isInstanceOfSatisfying(
                        Stale.class,
                        stale -> assertThat(stale.current().attributes())
                                .isEqualTo(Map.of("theme", "dark", "step", "2")));
        assertThat(sessions.get(id).orElseThrow().attributes()).isEqualTo(Map.of("theme", "dark", "step", "2"));
    }

    @Test
    void savesNoSessionThatHasEnded() {
        sessions.delete(id);

        assertThat(sessions.save(session.with("step", "2"))).isInstanceOf(Ended.class);

        assertThat(redis.getSyncClient().dbsize()).isZero();
    }

    @Test
    void incrementsTheVersionOnlyByChanges() {
        sessions.get(id);
        sessions.touch(id);
        sessions.merge(id, Map.of("theme", "dark"));
        sessions.remove(id, List.of("none"));
        assertThat(sessions.get(id).orElseThrow().version()).isEqualTo(session.version());

        sessions.remove(id, List.of("theme"));
        assertThat(sessions.get(id).orElseThrow().version()).isEqualTo(session.version() + 1);
    }

    @Test
    void limitsTheWholeSessionAndNotOnlyOneChange() {
        for (int i = 0; i < 3; i++) {
            sessions.merge(id, Map.of("large" + i, "x".repeat(5_000)));
        }
        Map<String, String> before = sessions.get(id).orElseThrow().attributes();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> sessions.merge(id, Map.of("large3", "x".repeat(5_000))))
                .withMessageContaining("at most 16384 bytes");
        assertThat(sessions.get(id).orElseThrow().attributes()).isEqualTo(before);
        sessions.remove(id, List.of("large0"));
        assertThat(sessions.merge(id, Map.of("large3", "x".repeat(5_000)))).isPresent();
    }

    @Test
    void limitsTheNumberOfAttributes() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 62; i++) {
            many.put("a" + i, "");
        }
        assertThat(sessions.merge(id, many).orElseThrow().attributes()).hasSize(64);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> sessions.merge(id, Map.of("one more", "")))
                .withMessageContaining("at most 64 attributes");
        assertThat(sessions.merge(id, Map.of("a0", "changed"))).isPresent();
    }

    @Test
    void countsBytesAndNotCharacters() {
        assertThatIllegalArgumentException().isThrownBy(() -> sessions.merge(id, Map.of("e", "é".repeat(8_200))));
        assertThatIllegalArgumentException().isThrownBy(() -> sessions.merge(id, Map.of("s", "😀".repeat(4_100))));
        assertThat(sessions.merge(id, Map.of("s", "😀".repeat(4_000)))).isPresent();
    }

    @Test
    void touchesOnlyAnExistingSession() {
        assertThat(sessions.touch(id)).isTrue();

        sessions.delete(id);

        assertThat(sessions.touch(id)).isFalse();
        assertThat(redis.getSyncClient().dbsize()).isZero();
    }

    @Test
    void putsChangesWithoutReadingTheSession() {
        assertThat(sessions.put(id, Map.of("step", "2", "new", "ö"), List.of("theme")))
                .isTrue();

        Session changed = sessions.get(id).orElseThrow();
        assertThat(changed.attributes()).isEqualTo(Map.of("step", "2", "new", "ö"));
        assertThat(changed.version()).isEqualTo(session.version() + 1);
        assertThat(sessions.put(id, Map.of(), List.of())).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> {
                    for (int i = 0; i < Attributes.MOST; i++) {
                        sessions.put(id, Map.of("attribute " + i, ""), List.of());
                    }
                })
                .withMessage("a session must have at most 64 attributes, but would have 65");
        sessions.delete(id);
        assertThat(sessions.put(id, Map.of("step", "3"), List.of())).isFalse();
        assertThat(sessions.get(id)).isEmpty();
        assertThat(sessions.put("no id", Map.of(), List.of())).isFalse();
    }

    @Test
    void countsNoAttributeThatTheSameChangeRemoves() {
        Map<String, String> full = new HashMap<>();
        for (int i = 0; i < Attributes.MOST; i++) {
            full.put("attribute " + i, "x".repeat(200));
        }
        sessions.save(new Session(
                session.id(),
                session.user(),
                full,
                session.createdAt(),
                session.lastSeenAt(),
                session.expiresAt(),
                session.version()));

        assertThat(sessions.merge(id, Map.of("another", "x".repeat(200)), List.of("attribute 0")))
                .hasValueSatisfying(changed ->
                        assertThat(changed.attributes()).containsKey("another").hasSize(Attributes.MOST));
        assertThatIllegalArgumentException().isThrownBy(() -> sessions.merge(id, Map.of("one more", "")));
    }
}
