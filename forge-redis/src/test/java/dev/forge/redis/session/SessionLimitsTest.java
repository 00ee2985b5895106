package dev.forge.redis.session;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The timeouts are read from Redis itself: its PTTL and its clock. */
class SessionLimitsTest {

    private static final long IDLE = 100_000;
    private static final long ABSOLUTE = 150_000;

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;
    private SessionStore sessions;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        redis.getSyncClient().ping(); // Connecting takes part of no time that is measured.
        sessions = SessionStore.create(
                redis, SessionSettings.defaults().withTimeouts(Duration.ofMillis(IDLE), Duration.ofMillis(ABSOLUTE)));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    /** What counts as a use. */
    enum Use {
        GET,
        TOUCH,
        MERGE,
        REMOVE,
        SAVE
    }

    /** Returns whether there was a session to use. */
    private boolean use(Session session, Use use) {
        String id = session.id().value();
        return switch (use) {
            case GET -> sessions.get(id).isPresent();
            case TOUCH -> sessions.touch(id);
            case MERGE -> sessions.merge(id, Map.of("a", "1")).isPresent();
            case REMOVE -> sessions.remove(id, List.of("a")).isPresent();
            case SAVE -> sessions.save(session) instanceof SaveResult.Saved;
        };
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void lastsForTheIdleTimeoutFromItsLastUse(Use use) {
        Session session = sessions.create("ada", Map.of());
        age(session, 30_000);

        assertEnds(session, use);
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void neverLastsBeyondTheAbsoluteTimeout(Use use) {
        Session session = sessions.create("ada", Map.of());
        age(session, 90_000);

        assertEnds(session, use);
    }

    @Test
    void keepsItsEndWhenItIsRotated() {
        Session session = sessions.create("ada", Map.of());
        age(session, 90_000);

        Session rotated = sessions.rotate(session.id().value()).orElseThrow();

        assertThat(rotated.expiresAt()).isEqualTo(session.expiresAt().minusMillis(90_000));
        assertThat(redis.getSyncClient().pttl(key(rotated))).isBetween(1L, ABSOLUTE - 90_000);
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void endsAtTheAbsoluteTimeoutEvenIfRedisHasNotExpiredIt(Use use) {
        Session session = sessions.create("ada", Map.of());
        age(session, ABSOLUTE);

        assertThat(use(session, use)).isFalse();

        assertThat(redis.getSyncClient().exists(key(session))).isZero();
    }

    @Test
    void recordsFrequentUseOnceASecond() {
        Session session = sessions.create("ada", Map.of());
        redis.getSyncClient().pexpire(key(session), 50_000);

        sessions.get(session.id().value());
        assertThat(redis.getSyncClient().pttl(key(session))).isLessThanOrEqualTo(50_000);

        age(session, 1_000);
        sessions.get(session.id().value());
        assertThat(redis.getSyncClient().pttl(key(session))).isGreaterThan(50_000);
    }

    @Test
    void recordsUseAfterTheServerClockWentBack() {
        Session session = sessions.create("ada", Map.of());
        age(session, -3_600_000);
        redis.getSyncClient().pexpire(key(session), 50_000);

        sessions.get(session.id().value());

        assertThat(redis.getSyncClient().pttl(key(session))).isGreaterThan(50_000);
    }

    private void assertEnds(Session session, Use use) {
        String key = key(session);
        long ends = Long.parseLong(redis.getSyncClient().hget(key, "ends"));
        long before = now();
        assertThat(use(session, use)).isTrue();
        long after = now();

        assertThat(expiry(key)).isBetween(Math.min(before + IDLE, ends), Math.min(after + IDLE, ends));
    }

    /** Returns when the key will expire in Redis, to the millisecond. */
    private long expiry(String key) {
        for (int i = 0; i < 1_000; i++) {
            long before = now();
            long left = redis.getSyncClient().pttl(key);
            if (now() == before) {
                return before + left;
            }
        }
        throw new IllegalStateException("no two answers came within a millisecond");
    }

    private long now() {
        List<String> time = redis.getSyncClient().time();
        return Long.parseLong(time.get(0)) * 1_000 + Long.parseLong(time.get(1)) / 1_000;
    }

    /** Shifts the creation and the last use of the session to an earlier time. */
    private void age(Session session, long millis) {
        for (String field : List.of("created", "seen", "ends")) {
            long time = Long.parseLong(redis.getSyncClient().hget(key(session), field));
            redis.getSyncClient().hset(key(session), field, Long.toString(time - millis));
        }
    }

    private static String key(Session session) {
        return "session::" + session.id().digest();
    }
}
