package dev.forge.redis.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import dev.forge.redis.test.ServerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionStoreTest {

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
    void returnsTheSessionForItsId() {
        Session begun = sessions.create("ada", Map.of("theme", "dark", "note", "naïve 😀"));

        Session read = sessions.get(begun.id().value()).orElseThrow();

        assertThat(read).isEqualTo(begun);
        assertThat(Duration.between(read.createdAt(), read.expiresAt())).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void createsAUniqueIdEachTime() {
        String first = sessions.create("ada", Map.of()).id().value();
        String second = sessions.create("ada", Map.of()).id().value();

        assertThat(first).hasSize(43).isNotEqualTo(second);
    }

    @Test
    void showsTheIdNeitherToRedisNorToLogs() {
        Session session = sessions.create("ada", Map.of("theme", "dark"));
        String id = session.id().value();

        assertThat(session.toString()).doesNotContain(id);
        assertThat(redis.getSyncClient().keys("*"))
                .hasSize(2)
                .allSatisfy(key -> assertThat(key).startsWith("session::").doesNotContain(id));
        assertThat(redis.getSyncClient().hgetall(key(session)).toString()).doesNotContain(id);
    }

    @Test
    void isNotRevivedAfterDeletion() {
        String id = sessions.create("ada", Map.of()).id().value();

        assertThat(sessions.delete(id)).isTrue();

        assertThat(sessions.get(id)).isEmpty();
        assertThat(sessions.merge(id, Map.of("a", "1"))).isEmpty();
        assertThat(sessions.delete(id)).isFalse();
        assertThat(redis.getSyncClient().dbsize()).isZero();
    }

    @Test
    void mergesChangesOfDifferentAttributes() {
        String id = sessions.create("ada", Map.of("kept", "0")).id().value();
        List<CompletableFuture<Optional<Session>>> merges = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            merges.add(sessions.mergeAsync(id, Map.of("a" + i, Integer.toString(i))));
        }
        merges.forEach(CompletableFuture::join);

        assertThat(sessions.get(id).orElseThrow().attributes()).hasSize(21).containsEntry("kept", "0");
        assertThat(sessions.remove(id, List.of("kept", "a0")).orElseThrow().attributes())
                .hasSize(19)
                .doesNotContainKeys("kept", "a0");
    }

    @Test
    void letsNoAttributeChangeTheUser() {
        Map<String, String> hostile = Map.of(
                "user",
                "root",
                "user_id",
                "root",
                "created",
                "0",
                "ends",
                "9999999999999",
                "a:user",
                "root",
                "version",
                "9");
        Session session = sessions.create("ada", hostile);

        Session read = sessions.merge(session.id().value(), hostile).orElseThrow();

        assertThat(read.user()).isEqualTo("ada");
        assertThat(read.expiresAt()).isEqualTo(session.expiresAt());
        assertThat(read.version()).isEqualTo(session.version());
        assertThat(read.attributes()).isEqualTo(hostile);
        SaveResult saved = sessions.save(read.with("user", "admin"));
        assertThat(saved)
                .isInstanceOfSatisfying(
                        SaveResult.Saved.class,
                        done -> assertThat(done.session().user()).isEqualTo("ada"));
        assertThat(sessions.sessionsOf("root")).isEmpty();
    }

    @Test
    void treatsAnInvalidIdAsMissing() {
        for (String id :
                List.of("", "x", "a".repeat(42), "a".repeat(44), "*".repeat(43), "a".repeat(1_000_000), "\n")) {
            assertThat(sessions.get(id)).isEmpty();
            assertThat(sessions.delete(id)).isFalse();
        }
        assertThat(sessions.get("a".repeat(43))).isEmpty();
    }

    @Test
    void doesNotAskRedisForAnInvalidId() {
        try (RedisManager unreachable = RedisManager.create(RedisSettings.of("redis://127.0.0.1:1"))) {
            SessionStore store = SessionStore.create(unreachable);

            assertThat(store.get("no id")).isEmpty();
            assertThat(store.touch("no id")).isFalse();
            assertThat(store.merge("no id", Map.of("a", "1"))).isEmpty();
            assertThat(store.remove("no id", List.of("a"))).isEmpty();
            assertThat(store.rotate("no id")).isEmpty();
            assertThat(store.rotate("no id", "ada")).isEmpty();
            assertThat(store.delete("no id")).isFalse();
        }
    }

    @Test
    void isAnonymousBeforeALogin() {
        Session session = sessions.create(Session.ANONYMOUS, Map.of("cart", "3"));

        assertThat(session.isAnonymous()).isTrue();
        assertThat(redis.getSyncClient().keys("*")).containsExactly(key(session));
        assertThatIllegalArgumentException().isThrownBy(() -> sessions.deleteAllOf(Session.ANONYMOUS));
        assertThatIllegalArgumentException().isThrownBy(() -> sessions.sessionsOf(Session.ANONYMOUS));
    }

    @Test
    void treatsAnUnreadableSessionAsMissing() {
        Session session = sessions.create("ada", Map.of());
        String id = session.id().value();
        String key = key(session);

        redis.getSyncClient().hset(key, "created", "garbage");
        assertThat(sessions.get(id)).isEmpty();
        redis.getSyncClient().del(key);
        redis.getSyncClient().set(key, "garbage");
        assertThat(sessions.get(id)).isEmpty();
        assertThat(sessions.touch(id)).isFalse();
        assertThat(sessions.rotate(id)).isEmpty();
        assertThat(sessions.delete(id)).isFalse();
        assertThat(sessions.sessionsOf("ada")).isEmpty();
    }

    @Test
    void refusesMoreThanASessionMayHold() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 65; i++) {
            many.put("a" + i, "");
        }

        assertThatIllegalArgumentException().isThrownBy(() -> sessions.create("ada", many));
        assertThatIllegalArgumentException().isThrownBy(() -> sessions.create("ada", Map.of("a", "x".repeat(20_000))));
        assertThatIllegalArgumentException().isThrownBy(() -> sessions.create(" ", Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> sessions.create("ada", Map.of("a", "\ud800")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sessions.create("\u3042".repeat(86) + "\ud800", Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> sessions.create("ada", Map.of(" ", "x")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionSettings.defaults().withTimeouts(Duration.ofHours(2), Duration.ofHours(1)));
    }

    @Test
    void removesNothingForANameThatNoAttributeCanHave() {
        Session session = sessions.create("ada", Map.of("?", "kept"));

        assertThat(sessions.remove(session.id().value(), List.of("\ud800")))
                .map(Session::attributes)
                .contains(Map.of("?", "kept"));
    }

    @ParameterizedTest
    @EnumSource(names = {"OOM", "MISCONF", "NOREPLICAS"})
    void readsASessionEvenWhileRedisRefusesWrites(ServerState refusing) {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager refused = RedisManager.create(RedisSettings.of(server.url()))) {
            SessionStore store = SessionStore.create(refused);
            Session session = store.create("ada", Map.of("theme", "dark"));
            Session ended = store.create("ada", Map.of());
            String id = session.id().value();
            // Long ago, so that the next use is due to be recorded.
            server.command("HSET", key(session), "seen", "1");
            server.command("PEXPIRE", key(session), "60000");
            server.command("HSET", key(ended), "ends", "1");
            server.enter(refusing);

            assertThat(store.get(id)).map(Session::attributes).contains(Map.of("theme", "dark"));
            assertThat(store.get(ended.id().value())).isEmpty();
            assertThatExceptionOfType(RedisRefusedException.class)
                    .isThrownBy(() -> store.merge(id, Map.of("theme", "light")))
                    .matches(failed -> failed.reason() == RefusalReason.valueOf(refusing.name()));
            if (refusing == ServerState.OOM) {
                assertThat(refused.getSyncClient().pttl(key(session))).isGreaterThan(60_000L);
            }
        }
    }

    @Test
    void endsASessionEvenWhileRedisIsOutOfMemory() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager full = RedisManager.create(RedisSettings.of(server.url()))) {
            SessionStore store = SessionStore.create(full);
            String id = store.create("ada", Map.of()).id().value();
            server.command("CONFIG", "SET", "maxmemory", "1");

            assertThatExceptionOfType(RedisRefusedException.class).isThrownBy(() -> store.create("ada", Map.of()));
            assertThat(store.delete(id)).isTrue();

            server.command("CONFIG", "SET", "maxmemory", "0");
            assertThat(store.sessionsOf("ada")).isEmpty();
        }
    }

    @Test
    void failsWhileRedisIsUnavailable() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager doomed = RedisManager.create(RedisSettings.of(server.url()))) {
            SessionStore store = SessionStore.create(doomed);
            String id = store.create("ada", Map.of()).id().value();
            server.kill();

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> store.get(id)));
            assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> store.delete(id));
        }
    }

    private static String key(Session session) {
        return "session::" + session.id().digest();
    }
}
