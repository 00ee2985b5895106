package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.OnOutage;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.ServerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LimiterOutageTest {

    private static final int PERMITS = 100;
    private static final Duration TIMEOUT = Duration.ofMillis(200);

    private EmbeddedRedis server;
    private RedisManager redis;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start();
        redis = RedisManager.create(RedisSettings.of(server.url()));
        Promises.warmUp(redis);
    }

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    @Test
    void appliesItsOutageRuleWhenRedisFreezesDuringADecision() throws Exception {
        RateLimiter open = warm(limiter(Algorithm.SLIDING_WINDOW));
        RateLimiter shut = warm(open.withOnOutage(OnOutage.DENY));
        RateLimiter share = warm(open.withOnOutage(OnOutage.LOCAL_SHARE).withInstances(PERMITS));
        server.freeze();

        long start = System.nanoTime();
        CompletableFuture<Decision> allowed = open.tryAcquireAsync("ada");
        CompletableFuture<Decision> denied = shut.tryAcquireAsync("ada");
        CompletableFuture<Decision> first = share.tryAcquireAsync("ada");
        CompletableFuture<Decision> second = share.tryAcquireAsync("ada");
        CompletableFuture.allOf(allowed, denied, first, second)
                .get(Promises.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        long waited = System.nanoTime() - start;

        assertThat(shown(allowed.get())).isEqualTo("allowed by OUTAGE");
        assertThat(shown(denied.get())).isEqualTo("denied by OUTAGE");
        assertThat(List.of(shown(first.get()), shown(second.get())))
                .containsExactlyInAnyOrder("allowed by LOCAL_SHARE", "denied by LOCAL_SHARE");
        // Only the timeout of the limiter ends them so soon: the connection counts as unresponsive after 1.25 s.
        assertThat(Duration.ofNanos(waited))
                .isBetween(TIMEOUT, Promises.longForm() ? TIMEOUT.plusMillis(50) : TIMEOUT.multipliedBy(5));
    }

    @ParameterizedTest
    @EnumSource
    void countsTooMuchByAtMostTheUnansweredRequests(Algorithm algorithm) {
        RateLimiter limiter = limiter(algorithm);
        int counted = allowed(limiter.withTimeout(Promises.PATIENCE), 10, Basis.COUNT);
        server.freeze();
        List<CompletableFuture<Decision>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(limiter.tryAcquireAsync("ada"));
        }
        asked.forEach(each -> assertThat(shown(each.join())).isEqualTo("allowed by OUTAGE"));
        server.thaw();
        await().atMost(Promises.PATIENCE).until(() -> limiter.peek("ada").basis() == Basis.COUNT);

        int afterwards = allowed(limiter.withTimeout(Promises.PATIENCE), 2 * PERMITS, Basis.COUNT);

        assertThat(counted).isEqualTo(10);
        assertThat(counted + afterwards).isBetween(PERMITS - asked.size(), PERMITS);
    }

    @Test
    void doesNotSendRequestsThatWaitedForAnUnansweredCall() {
        RateLimiter limiter = warm(limiter(Algorithm.TOKEN_BUCKET));
        server.freeze();
        List<CompletableFuture<Decision>> asked = IntStream.range(0, 20)
                .mapToObj(i -> limiter.tryAcquireAsync("bob"))
                .toList();
        asked.forEach(CompletableFuture::join);
        server.thaw();
        await().atMost(Promises.PATIENCE).until(() -> limiter.peek("bob").basis() == Basis.COUNT);

        assertThat(limiter.peek("bob"))
                .isInstanceOfSatisfying(
                        Decision.Allowed.class,
                        allowed -> assertThat(allowed.remaining()).isGreaterThanOrEqualTo(PERMITS - 1));
    }

    @ParameterizedTest
    @EnumSource
    void allowsNoMoreThanTheLimitWhileRedisIsOutOfMemory(Algorithm algorithm) {
        RateLimiter limiter = limiter(algorithm);
        server.enter(ServerState.OOM);

        assertThat(limiter.withOnOutage(OnOutage.DENY).tryAcquire("bob").basis())
                .isEqualTo(Basis.OUTAGE);
        assertThat(allowed(limiter, 2 * PERMITS, Basis.LOCAL_SHARE)).isEqualTo(PERMITS);
        assertThat(shown(limiter.tryAcquire("ada"))).isEqualTo("denied by LOCAL_SHARE");
    }

    @Test
    void allowsItsShareWhileRedisIsUnavailable() {
        RateLimiter limiter = limiter(Algorithm.SLIDING_WINDOW)
                .withOnOutage(OnOutage.LOCAL_SHARE)
                .withInstances(4);
        server.kill();
        await().atMost(Promises.PATIENCE)
                .until(() -> limiter.tryAcquire("other").basis() == Basis.LOCAL_SHARE);

        assertThat(allowed(limiter, 2 * PERMITS, Basis.LOCAL_SHARE)).isEqualTo(PERMITS / 4);
        assertThat(limiter.tryAcquire("ada").isAllowed()).isFalse();
        assertThat(limiter.tryAcquire("bob").isAllowed()).isTrue();
        assertThat(limiter.peek("bob").isAllowed()).isTrue();
    }

    @Test
    void countsAgainWhenRedisIsBack() {
        RateLimiter limiter = limiter(Algorithm.FIXED_WINDOW);
        server.kill();
        await().atMost(Promises.PATIENCE).until(() -> limiter.tryAcquire("ada").basis() == Basis.OUTAGE);
        assertThatExceptionOfType(RedisUnavailableException.class).isThrownBy(() -> limiter.reset("ada"));

        server.restart();

        await().atMost(Promises.PATIENCE).until(() -> limiter.tryAcquire("ada").basis() == Basis.COUNT);
    }

    @Test
    void doesNotMarkTheServerUnresponsiveByItsOwnTimeout() {
        RateLimiter limiter = limiter(Algorithm.TOKEN_BUCKET).withTimeout(Duration.ofMillis(1));
        server.freeze();
        limiter.tryAcquireAsync("ada").join();

        CompletableFuture<?> other = redis.getAsync("warm");
        assertThat(other).isNotDone();
        server.thaw();

        await().atMost(Promises.PATIENCE).until(other::isDone);
        assertThat(other).isCompleted();
    }

    private RateLimiter limiter(Algorithm algorithm) {
        return RateLimiter.of(redis, "test", algorithm, List.of(Limit.of(PERMITS, Duration.ofHours(1))))
                .withTimeout(TIMEOUT);
    }

    private static RateLimiter warm(RateLimiter limiter) {
        await().atMost(Promises.PATIENCE).until(() -> limiter.peek("warm").basis() == Basis.COUNT);
        return limiter;
    }

    private static int allowed(RateLimiter limiter, int attempts, Basis basis) {
        int allowed = 0;
        for (int i = 0; i < attempts; i++) {
            Decision decision = limiter.tryAcquire("ada");
            allowed += decision.isAllowed() && decision.basis() == basis ? 1 : 0;
        }
        return allowed;
    }

    private static String shown(Decision decision) {
        return (decision.isAllowed() ? "allowed by " : "denied by ") + decision.basis();
    }
}
