package dev.forge.redis.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.ServerStats;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import io.lettuce.core.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UserSessionsTest {

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
    void listsEverySessionOfAUserWithoutIds() {
        Session phone = sessions.create("ada", Map.of(SessionStore.DEVICE, "phone", "secret", "x"));
        Session other = sessions.create("ada", Map.of());
        sessions.create("bob", Map.of(SessionStore.DEVICE, "laptop"));

        List<ActiveSession> active = sessions.sessionsOf("ada");

        assertThat(active)
                .containsExactlyInAnyOrder(
                        new ActiveSession("phone", phone.createdAt(), phone.lastSeenAt(), phone.expiresAt()),
                        new ActiveSession("", other.createdAt(), other.lastSeenAt(), other.expiresAt()));
        assertThat(active.toString())
                .doesNotContain(phone.id().value())
                .doesNotContain(phone.id().digest());
    }

    @Test
    void listsTheLastUsedFirstWithoutUsingIt() {
        Session first = sessions.create("ada", Map.of(SessionStore.DEVICE, "first"));
        sessions.create("ada", Map.of(SessionStore.DEVICE, "second"));
        String used = Long.toString(first.lastSeenAt().plusSeconds(60).toEpochMilli());
        redis.getSyncClient().hset("session::" + first.id().digest(), "seen", used);

        List<ActiveSession> active = sessions.sessionsOf("ada");

        assertThat(active).extracting(ActiveSession::device).containsExactly("first", "second");
        assertThat(redis.getSyncClient().hget("session::" + first.id().digest(), "seen"))
                .isEqualTo(used);
    }

    @Test
    void endsEverySessionOfAUserAndNoOther() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            ids.add(sessions.create("ada", Map.of()).id().value());
        }
        String bob = sessions.create("bob", Map.of()).id().value();

        assertThat(sessions.deleteAllOf("ada")).isEqualTo(450);

        assertThat(ids).allSatisfy(id -> assertThat(sessions.get(id)).isEmpty());
        assertThat(sessions.get(bob)).isPresent();
        assertThat(sessions.sessionsOf("ada")).isEmpty();
        assertThat(sessions.deleteAllOf("ada")).isZero();
        sessions.delete(bob);
        assertThat(redis.getSyncClient().dbsize()).isZero();
    }

    @Test
    void revokesAtMostAThousandSessionsInOneScript() {
        UserSessions lists = new UserSessions(CoreAccess.coreOf(redis), sessions.settings());
        Session last = sessions.create("ada", Map.of());
        addSoonerEnding(2_500);
        SERVER.server().command("CONFIG", "RESETSTAT");

        List<String> revoked = lists.revoke("ada").join();

        assertThat(revoked).hasSize(2_501).contains(last.id().digest());
        assertThat(lists.list("ada").join()).isEmpty();
        assertThat(scriptCalls()).isEqualTo(4);
    }

    @Test
    void endsASessionThatMovesToAnotherIdBetweenTwoStepsOfARevocation() {
        UserSessions lists = new UserSessions(CoreAccess.coreOf(redis), sessions.settings());
        Session last = sessions.create("ada", Map.of());
        addSoonerEnding(1_000);
        LuaScript step = LuaScript.beside(UserSessions.class, "prelude.lua", "listed.lua");
        List<byte[]> most = List.of(LuaScript.argument(UserSessions.MOST_REVOKED));
        assertThat(redis.evalSync(step, List.of(lists.key("ada")), most).isNothing())
                .isTrue();

        String moved = sessions.rotate(last.id().value()).orElseThrow().id().value();
        assertThat(sessions.deleteAllOf("ada")).isEqualTo(1);

        assertThat(sessions.get(moved)).isEmpty();
        assertThat(redis.getSyncClient().dbsize()).isZero();
    }

    /** Adds entries of sessions to the list of a user, all of which end before one that is created now. */
    private void addSoonerEnding(int count) {
        String list = new UserSessions(CoreAccess.coreOf(redis), sessions.settings()).key("ada");
        double ends = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        for (int i = 0; i < count; i++) {
            redis.getSyncClient().zadd(list, ends, "digest-" + i);
        }
    }

    private static long scriptCalls() {
        return ServerStats.calls("eval", SERVER.server()) + ServerStats.calls("evalsha", SERVER.server());
    }

    @Test
    void followsASessionToItsNewIdAndItsNewUser() {
        String first =
                sessions.create(Session.ANONYMOUS, Map.of("cart", "3")).id().value();

        String login = sessions.rotate(first, "ada").orElseThrow().id().value();
        String renewed = sessions.rotate(login).orElseThrow().id().value();
        assertThat(sessions.sessionsOf("ada")).hasSize(1);

        assertThat(sessions.deleteAllOf("ada")).isEqualTo(1);
        assertThat(sessions.get(renewed)).isEmpty();
        assertThat(redis.getSyncClient().dbsize()).isZero();
    }

    @Test
    void endsTheRestWhenAnInterruptedRevocationIsRepeated() {
        Session session = sessions.create("ada", Map.of());
        UserSessions lists = new UserSessions(CoreAccess.coreOf(redis), sessions.settings());
        // As a process does that dies before it deletes anything.
        assertThat(lists.revoke("ada").join()).containsExactly(session.id().digest());
        assertThat(sessions.sessionsOf("ada")).isEmpty();

        assertThat(sessions.deleteAllOf("ada")).isEqualTo(1);

        assertThat(sessions.get(session.id().value())).isEmpty();
    }

    @Test
    void letsNoRevokedSessionEscapeToANewId() {
        Session session = sessions.create("ada", Map.of());
        new UserSessions(CoreAccess.coreOf(redis), sessions.settings())
                .revoke("ada")
                .join();

        assertThat(sessions.rotate(session.id().value(), "bob")).isEmpty();

        assertThat(sessions.rotate(session.id().value())).isEmpty();
        assertThat(sessions.get(session.id().value())).isEmpty();
    }

    @Test
    void removesExpiredSessionsFromTheList() {
        Session ended = sessions.create("ada", Map.of());
        sessions.create("ada", Map.of());
        redis.getSyncClient().del("session::" + ended.id().digest());

        assertThat(sessions.sessionsOf("ada")).hasSize(1);

        assertThat(listLength()).isEqualTo(1);
    }

    /** How a user gets another session. */
    enum Beginning {
        CREATED,
        LOGGED_IN;

        Session of(SessionStore sessions) {
            return this == CREATED
                    ? sessions.create("ada", Map.of())
                    : sessions.rotate(
                                    sessions.create(Session.ANONYMOUS, Map.of())
                                            .id()
                                            .value(),
                                    "ada")
                            .orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsAListShortThatIsNeverRead(Beginning beginning) {
        for (int i = 0; i < 200; i++) {
            endedAtOnce(beginning);
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> {
            endedAtOnce(beginning);
            return listLength() < 32;
        });
    }

    private void endedAtOnce(Beginning beginning) {
        redis.getSyncClient().del("session::" + beginning.of(sessions).id().digest());
    }

    @ParameterizedTest
    @EnumSource
    void removesEntriesAfterTheirAbsoluteEnd(Beginning beginning) {
        redis.getSyncClient().zadd(listKey(), 1, "over");
        redis.getSyncClient().zadd(listKey(), -1, "revoked and over");

        Session session = beginning.of(sessions);

        assertThat(redis.getSyncClient().zrange(listKey(), 0, -1))
                .containsExactly(session.id().digest());
    }

    @Test
    void keepsTheListAsLongAsTheLastSession() {
        sessions.create("ada", Map.of());
        SessionStore.create(
                        redis, SessionSettings.defaults().withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(10)))
                .create("ada", Map.of());

        assertThat(redis.getSyncClient().pttl(listKey()))
                .isBetween(Duration.ofHours(24).toMillis(), Duration.ofHours(25).toMillis());
    }

    @Test
    void removesExpiredEntries() {
        Session session = sessions.create("ada", Map.of());
        redis.getSyncClient().zadd(listKey(), 1, "over");
        redis.getSyncClient().zadd(listKey(), -1, "revoked and over");

        sessions.sessionsOf("ada");

        assertThat(redis.getSyncClient().zrange(listKey(), 0, -1))
                .containsExactly(session.id().digest());
    }

    @Test
    void revokesEveryLoginThatReturnedBeforeDespiteConcurrentOnes() {
        List<CompletableFuture<Session>> logins = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            logins.add(sessions.createAsync("ada", Map.of()));
        }
        List<String> done = new ArrayList<>();
        for (CompletableFuture<Session> login : logins.subList(0, 25)) {
            done.add(login.join().id().value());
        }

        sessions.deleteAllOf("ada");

        assertThat(done).allSatisfy(id -> assertThat(sessions.get(id)).isEmpty());
        long left = logins.stream()
                .map(CompletableFuture::join)
                .filter(session -> sessions.get(session.id().value()).isPresent())
                .count();
        assertThat(sessions.sessionsOf("ada")).hasSize((int) left);
    }

    @Test
    void reportsThatItCouldNotRevoke() {
        sessions.create("ada", Map.of());
        redis.getSyncClient().del(listKey());
        redis.getSyncClient().set(listKey(), "not a list");

        assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> sessions.deleteAllOf("ada"));
    }

    private long listLength() {
        return redis.getSyncClient().zcount(listKey(), Range.unbounded());
    }

    private String listKey() {
        return new UserSessions(CoreAccess.coreOf(redis), sessions.settings()).key("ada");
    }
}
