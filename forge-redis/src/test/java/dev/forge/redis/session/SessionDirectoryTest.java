package dev.forge.redis.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionDirectoryTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;
    private SessionStore sessions;
    private SessionDirectory directory;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        sessions = SessionStore.create(redis);
        directory = sessions.directory();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void findsTheSessionsOfAUserWithAttributesAndWithoutIds() {
        Session phone = sessions.create("ada", Map.of("device", "phone"));
        sessions.create("bob", Map.of());

        List<SessionView> found = directory.findAllOf("ada");

        assertThat(found)
                .containsExactly(new SessionView(
                        phone.id().handle(),
                        "ada",
                        Map.of("device", "phone"),
                        phone.createdAt(),
                        phone.lastSeenAt(),
                        phone.expiresAt()));
        assertThat(found.toString()).doesNotContain(phone.id().value()).doesNotContain("phone");
        assertThat(directory.find(phone.id().handle())).contains(found.get(0));
    }

    @Test
    void opensNoSessionByItsHandleAndFindsNoneByItsId() {
        Session session = sessions.create("ada", Map.of());
        String handle = session.id().handle();

        assertThat(directory.handleOf(session.id().value())).contains(handle);
        assertThat(directory.handleOf(handle)).isEmpty();
        assertThat(sessions.get(handle)).isEmpty();
        assertThat(sessions.get(session.id().digest())).isEmpty();
        assertThat(sessions.put(handle, Map.of("a", "1"), List.of())).isFalse();
        assertThat(sessions.delete(handle)).isFalse();
        assertThat(directory.find(session.id().value())).isEmpty();
        assertThat(directory.delete(session.id().value())).isFalse();
        assertThat(directory.find("")).isEmpty();
    }

    @Test
    void changesASessionWithoutUsingIt() {
        Session session = sessions.create("ada", Map.of("a", "1", "b", "2"));
        String key = "session::" + session.id().digest();
        redis.getSyncClient().hset(key, "seen", "1000");
        redis.getSyncClient().pexpire(key, 60_000);

        assertThat(directory.put(session.id().handle(), Map.of("c", "3"), List.of("a")))
                .isTrue();

        SessionView changed = directory.find(session.id().handle()).orElseThrow();
        assertThat(changed.attributes()).isEqualTo(Map.of("b", "2", "c", "3"));
        assertThat(changed.lastSeenAt().toEpochMilli()).isEqualTo(1000);
        assertThat(redis.getSyncClient().pttl(key)).isLessThanOrEqualTo(60_000);
    }

    @Test
    void endsOneSessionAndForgetsIt() {
        Session session = sessions.create("ada", Map.of());
        String handle = session.id().handle();

        assertThat(directory.delete(handle)).isTrue();

        assertThat(sessions.get(session.id().value())).isEmpty();
        assertThat(directory.delete(handle)).isFalse();
        assertThat(directory.put(handle, Map.of("a", "1"), List.of())).isFalse();
        assertThat(redis.getSyncClient().dbsize()).isZero();
    }

    @Test
    void forgetsSessionsThatEndedByThemselves() {
        SessionStore brief = SessionStore.create(
                redis, SessionSettings.defaults().withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(60)));
        for (int i = 0; i < 3; i++) {
            brief.create("ada", Map.of());
        }
        String list = redis.getSyncClient().keys("*user:*").get(0);
        assertThat(redis.getSyncClient().pttl(list)).isBetween(60_000L, 121_000L);

        await().atMost(Duration.ofSeconds(10)).until(() -> redis.getSyncClient().dbsize() == 1);

        assertThat(brief.directory().findAllOf("ada")).isEmpty();
        assertThat(redis.getSyncClient().dbsize()).isZero();
    }

    @Test
    void keepsFewEntriesOfSessionsThatEndedWithoutBeingLookedUp() {
        for (int i = 0; i < 300; i++) {
            Session session = sessions.create("ada", Map.of());
            // As Redis does at the idle timeout: the list is not told.
            redis.getSyncClient().del("session::" + session.id().digest());
        }
        String list = redis.getSyncClient().keys("*user:*").get(0);

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(redis.getSyncClient().zcard(list)).isLessThan(32));
    }

    @Test
    void holdsAsMuchAsTheSettingsSay() {
        SessionStore large =
                SessionStore.create(redis, SessionSettings.defaults().withMaxBytes(64 * 1024));
        String id = large.create("ada", Map.of("a", "x".repeat(60_000))).id().value();

        assertThat(large.merge(id, Map.of("b", "x".repeat(5_000)))).isPresent();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> large.merge(id, Map.of("c", "x".repeat(5_000))))
                .withMessageContaining("at most 65536 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sessions.create("ada", Map.of("a", "x".repeat(60_000))))
                .withMessageContaining("at most 16384 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionSettings.defaults().withMaxBytes(1023));
    }
}
