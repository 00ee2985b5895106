package dev.forge.redis.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.session.Rotation.Step;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A rotation in several steps can stop at each of them, and anything can happen in between. */
class ClusterRotationTest {

    private static EmbeddedRedisCluster cluster;
    private static RedisManager redis;

    private SessionStore sessions;
    private Session old;

    @BeforeAll
    static void start() {
        cluster = EmbeddedRedisCluster.builder().replicas(0).start();
        redis = RedisManager.create(RedisSettings.of(cluster.url()));
        redis.initializeSync();
    }

    @AfterAll
    static void stop() {
        redis.close();
        cluster.close();
    }

    @BeforeEach
    void begin() {
        sessions = SessionStore.create(redis);
        old = sessions.create("ada", Map.of("theme", "dark"));
    }

    @AfterEach
    void clear() {
        redis.deletePatternSync("session*");
    }

    @Test
    void movesASessionAcrossSlots() {
        Session rotated = sessions.rotate(old.id().value()).orElseThrow();

        assertThat(sessions.get(rotated.id().value())).contains(rotated);
        assertThat(sessions.get(old.id().value())).isEmpty();
        assertThat(sessionKeys()).hasSize(1);
        assertThat(sessions.sessionsOf("ada")).hasSize(1);
        assertThat(sessions.rotate(rotated.id().value(), "bob").orElseThrow().user())
                .isEqualTo("bob");
        assertThat(sessions.sessionsOf("ada")).isEmpty();
        assertThat(sessions.deleteAllOf("bob")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void leavesAtMostOneUsableIdWhereverTheProcessDies(Step step) throws Exception {
        dieBefore(step);

        boolean alive = sessions.get(old.id().value()).isPresent();
        assertThat(alive).isEqualTo(step.compareTo(Step.END_OLD) <= 0);
        // A copy whose id no client knows expires by itself, and ends with the other sessions of the user.
        assertThat(sessionKeys())
                .hasSizeLessThanOrEqualTo(2)
                .allSatisfy(key -> assertThat(redis.getSyncClient().pttl(key)).isPositive());
        sessions.deleteAllOf("ada");
        assertThat(sessions.get(old.id().value())).isEmpty();
        assertThat(sessionKeys()).hasSize(step == Step.LIST ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"WRITE", "LIST", "END_OLD"})
    void canBeRepeatedAfterTheProcessDied(Step step) throws Exception {
        dieBefore(step);

        Session rotated = sessions.rotate(old.id().value()).orElseThrow();

        assertThat(sessions.get(old.id().value())).isEmpty();
        assertThat(sessions.get(rotated.id().value())).isPresent();
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void losesNoChangeThatIsMadeMeanwhile(Step step) {
        Meanwhile<Optional<Session>> merge =
                new Meanwhile<>(step, () -> sessions.mergeAsync(old.id().value(), Map.of("step", "2")));

        Optional<Session> rotated = rotateWith(merge);

        if (step == Step.CATCH_UP) {
            assertThat(merge.wasReached()).as("there is nothing to catch up on").isFalse();
        } else if (step == Step.UNLIST_OLD) {
            assertThat(merge.answer()).isEmpty();
        } else {
            assertThat(merge.answer()).isPresent();
            assertThat(rotated.orElseThrow().attributes()).isEqualTo(Map.of("theme", "dark", "step", "2"));
        }
        assertThat(sessions.get(rotated.orElseThrow().id().value())).isEqualTo(rotated);
        assertThat(sessionKeys()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void revivesNoSessionThatIsDeletedMeanwhile(Step step) {
        Meanwhile<Boolean> deletion =
                new Meanwhile<>(step, () -> sessions.deleteAsync(old.id().value()));

        Optional<Session> rotated = rotateWith(deletion);

        boolean deleted = deletion.wasReached() && deletion.answer();
        assertThat(deleted).isEqualTo(step.compareTo(Step.END_OLD) <= 0);
        assertThat(rotated.isPresent()).isEqualTo(!deleted);
        assertThat(sessionKeys()).hasSize(deleted ? 0 : 1);
        assertThat(sessions.sessionsOf("ada")).hasSize(deleted ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void letsNoSessionSurviveARevocation(Step step) {
        Meanwhile<Long> revocation = new Meanwhile<>(step, () -> sessions.deleteAllOfAsync("ada"));

        Optional<Session> rotated = rotateWith(revocation);

        if (revocation.wasReached()) {
            assertThat(rotated.flatMap(session -> sessions.get(session.id().value())))
                    .isEmpty();
            assertThat(sessionKeys()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void letsNoSessionEscapeARevocationThatIsHalfDone(Step step) {
        UserSessions lists = new UserSessions(CoreAccess.coreOf(redis), sessions.settings());
        Meanwhile<List<String>> revocation = new Meanwhile<>(step, () -> lists.revoke("ada"));

        Optional<Session> rotated = rotateWith(revocation);

        if (revocation.wasReached()) {
            new StoredSessions(CoreAccess.coreOf(redis), sessions.settings())
                    .deleteAll(revocation.answer())
                    .join();
            assertThat(rotated.flatMap(session -> sessions.get(session.id().value())))
                    .isEmpty();
            assertThat(sessionKeys()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "bob", Session.ANONYMOUS})
    void letsNoRevokedSessionEscapeToANewIdOrUser(String user) {
        new UserSessions(CoreAccess.coreOf(redis), sessions.settings())
                .revoke("ada")
                .join();

        assertThat(sessions.rotate(old.id().value(), user)).isEmpty();

        assertThat(sessionKeys()).isEmpty();
    }

    @Test
    void keepsTheListOfAUserShortWhoOnlyLogsIn() {
        await().atMost(Promises.PATIENCE).until(() -> {
            for (int i = 0; i < 40; i++) {
                Session visitor = sessions.create(Session.ANONYMOUS, Map.of());
                Session session = sessions.rotate(visitor.id().value(), "bob").orElseThrow();
                redis.getSyncClient().del("session::" + session.id().digest());
            }
            String list = new UserSessions(CoreAccess.coreOf(redis), sessions.settings()).key("bob");
            return redis.getSyncClient().zcard(list) < 32;
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"WRITE", "LIST", "END_OLD"})
    void letsOnlyOneOfTwoRotationsSucceed(Step step) {
        Meanwhile<Optional<Session>> other =
                new Meanwhile<>(step, () -> sessions.rotateAsync(old.id().value()));

        assertThat(rotateWith(other)).isEmpty();

        Session rotated = other.answer().orElseThrow();
        assertThat(sessions.get(rotated.id().value())).isPresent();
        assertThat(sessionKeys()).hasSize(1);
        assertThat(sessions.sessionsOf("ada")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"LIST", "END_OLD"})
    void undoesItsWritesWhenAStepFails(Step step) {
        SessionStore failing = new SessionStore(
                redis,
                sessions.settings(),
                next -> next == step
                        ? CompletableFuture.failedFuture(new IllegalStateException("broken"))
                        : Rotation.Pause.none());

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> failing.rotateAsync(old.id().value()).join())
                .withMessageContaining("broken");

        assertThat(sessions.get(old.id().value())).isPresent();
        assertThat(sessionKeys()).hasSize(1);
        assertThat(sessions.sessionsOf("ada")).hasSize(1);
    }

    /** An action that runs before a step, and completes before the step is taken. */
    private static final class Meanwhile<T> implements Rotation.Pause {
        private final Step step;
        private final Supplier<CompletableFuture<T>> operation;
        private @Nullable CompletableFuture<T> result;

        Meanwhile(Step step, Supplier<CompletableFuture<T>> operation) {
            this.step = step;
            this.operation = operation;
        }

        @Override
        public CompletableFuture<Void> before(Step next) {
            if (next != step) {
                return Rotation.Pause.none();
            }
            CompletableFuture<T> begun = operation.get();
            result = begun;
            return begun.thenAccept(done -> {});
        }

        boolean wasReached() {
            return result != null;
        }

        T answer() {
            return requireNonNull(result).join();
        }
    }

    private Optional<Session> rotateWith(Rotation.Pause pause) {
        return new SessionStore(redis, sessions.settings(), pause)
                .rotate(old.id().value());
    }

    /** Rotates up to a step, and then stops for ever. */
    private void dieBefore(Step step) throws Exception {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        SessionStore doomed = new SessionStore(redis, sessions.settings(), next -> {
            if (next == step) {
                reached.complete(null);
                return new CompletableFuture<>();
            }
            // This step happens only if there was a change.
            return step == Step.CATCH_UP && next == Step.END_OLD
                    ? sessions.mergeAsync(old.id().value(), Map.of("a", "1")).thenAccept(done -> {})
                    : Rotation.Pause.none();
        });
        var unused = doomed.rotateAsync(old.id().value());
        reached.get(20, TimeUnit.SECONDS);
    }

    private static List<String> sessionKeys() {
        return redis.getSyncClient().keys("session::*").stream()
                .filter(key -> !key.startsWith("session::user:"))
                .toList();
    }
}
