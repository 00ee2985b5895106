package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.OnOutage;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A frozen server does not answer, so every call waits, and notices that its thread is interrupted. */
class InterruptedCallerTest {

    private EmbeddedRedis server;
    private RedisManager redis;

    @BeforeEach
    void connect() {
        server = EmbeddedRedis.start();
        redis = RedisManager.create(RedisSettings.of(server.url()));
        redis.setSync("key", "value");
    }

    @AfterEach
    void close() {
        redis.close();
        server.close();
    }

    @Test
    void failsAtOnceWithTheFlagSetAndNotAsAFailureOfRedis() {
        whileFrozen(() -> {
            assertInterrupted(redis::initializeSync, false);
            assertInterrupted(() -> redis.getSync("key"), true);
            assertInterrupted(() -> redis.setSync("key", "other"), true);
            assertInterrupted(() -> redis.deletePatternSync("other:*"), true);
            assertInterrupted(redis::healthSync, true);
        });

        assertThat(redis.getSync("key")).isPresent();
    }

    @Test
    void reportsThatTheCommandMayHaveRun() {
        whileFrozen(() -> assertThatExceptionOfType(RedisInterruptedException.class)
                .isThrownBy(() -> {
                    Thread.currentThread().interrupt();
                    try {
                        redis.setSync("key", "other");
                    } finally {
                        Thread.interrupted();
                    }
                })
                .withMessageContaining(
                        "setSync failed: the thread was interrupted while it waited for Redis at 127.0.0.1:")
                .withMessageEndingWith("; the command may or may not have run")
                .withCauseInstanceOf(InterruptedException.class));
    }

    @Test
    void theLimiterDoesNotApplyItsOutageRule() {
        RateLimiter limiter = RateLimiter.slidingWindow(redis, "calls", Limit.of(5, Duration.ofHours(1)))
                .withOnOutage(OnOutage.ALLOW);
        limiter.tryAcquire("ada");

        whileFrozen(() -> {
            assertInterrupted(() -> limiter.tryAcquire("ada"), true);
            assertInterrupted(() -> limiter.peek("ada"), true);
        });
    }

    @Test
    void aSessionIsNotReportedAsUnavailable() {
        SessionStore sessions = SessionStore.create(redis);
        String id = sessions.create("ada", Map.of()).id().value();

        whileFrozen(() -> {
            assertInterrupted(() -> sessions.get(id), true);
            assertInterrupted(() -> sessions.merge(id, Map.of("a", "b")), true);
        });
    }

    private void whileFrozen(Runnable task) {
        server.freeze();
        try {
            task.run();
        } finally {
            server.thaw();
        }
        await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("key")) == null);
    }

    private static void assertInterrupted(ThrowingCallable call, boolean waits) {
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(call);

        assertThat(Thread.interrupted()).as("the flag of the thread").isTrue();
        if (waits) {
            assertThat(thrown).isInstanceOf(RedisInterruptedException.class).isNotInstanceOf(RedisFailure.class);
        } else {
            assertThat(thrown).isNull();
        }
    }
}
