package dev.forge.redis.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.RedisSettings;
import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RateLimiterTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void allowsTheLimitAndThenDenies() {
        RateLimiter limiter = limiter(3, Duration.ofMinutes(1));

        assertThat(limiter.tryAcquire("ada")).isInstanceOfSatisfying(Allowed.class, allowed -> {
            assertThat(allowed.remaining()).isEqualTo(2);
            assertThat(allowed.resetAfter()).isEqualTo(Duration.ofMinutes(1));
            assertThat(allowed.basis()).isEqualTo(Basis.COUNT);
        });
        limiter.tryAcquire("ada");
        limiter.tryAcquire("ada");

        assertThat(limiter.tryAcquire("ada")).isInstanceOfSatisfying(Denied.class, denied -> {
            assertThat(denied.retryAfter()).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
            assertThat(denied.resetAfter()).isGreaterThanOrEqualTo(denied.retryAfter());
        });
    }

    @Test
    void countsEachSubjectApart() {
        RateLimiter limiter = limiter(1, Duration.ofMinutes(1));
        limiter.tryAcquire("ada");

        assertThat(limiter.tryAcquire("bob").isAllowed()).isTrue();
        assertThat(limiter.tryAcquire("ada").isAllowed()).isFalse();
    }

    @Test
    void allowsNoMoreThanTheLimitUnderContentionOfTwoManagers() throws Exception {
        try (RedisManager other = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            List<RateLimiter> limiters = List.of(
                    limiter(100, Duration.ofMinutes(1)),
                    RateLimiter.slidingWindow(other, "test", Limit.of(100, Duration.ofMinutes(1))));
            ExecutorService clients = Executors.newFixedThreadPool(64);
            List<Future<Integer>> counts = new ArrayList<>();
            for (int client = 0; client < 64; client++) {
                RateLimiter limiter = limiters.get(client % 2);
                counts.add(clients.submit(() -> {
                    int allowed = 0;
                    for (int i = 0; i < 50; i++) {
                        allowed += limiter.tryAcquire("ada").isAllowed() ? 1 : 0;
                    }
                    return allowed;
                }));
            }

            int allowed = 0;
            for (Future<Integer> count : counts) {
                allowed += count.get();
            }
            clients.shutdown();

            assertThat(allowed).isEqualTo(100);
        }
    }

    @Test
    void allowsAgainAfterExactlyTheTimeThatItSaid() {
        RateLimiter limiter = limiter(2, Duration.ofMillis(300));
        limiter.tryAcquire("ada");
        limiter.tryAcquire("ada");
        Denied denied = (Denied) limiter.tryAcquire("ada");

        long until = System.nanoTime() + denied.retryAfter().toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }

        assertThat(limiter.tryAcquire("ada").isAllowed()).isTrue();
    }

    @Test
    void neverAllowsMoreThanTheLimitInAnyWindow() {
        RateLimiter limiter = limiter(5, Duration.ofMillis(100));
        List<Long> asked = new ArrayList<>();
        List<Long> answered = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (System.nanoTime() < end) {
            long before = System.nanoTime();
            if (limiter.tryAcquire("ada").isAllowed()) {
                asked.add(before);
                answered.add(System.nanoTime());
            }
        }

        assertThat(asked).hasSizeGreaterThan(10);
        for (int i = 5; i < asked.size(); i++) {
            // Each decision fell between its question and its answer.
            assertThat(answered.get(i) - asked.get(i - 5))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(100).toNanos());
        }
    }

    @Test
    void takesTheWholeCostOrNothing() {
        RateLimiter limiter = limiter(10, Duration.ofMinutes(1));

        assertThat(limiter.tryAcquire("ada", 7))
                .isInstanceOfSatisfying(
                        Allowed.class,
                        allowed -> assertThat(allowed.remaining()).isEqualTo(3));
        assertThat(limiter.tryAcquire("ada", 4).isAllowed()).isFalse();
        assertThat(limiter.tryAcquire("ada", 3).isAllowed()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.tryAcquire("ada", 11));
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.tryAcquire("ada", 0));
    }

    @Test
    void writesNothingForADeniedRequest() {
        RateLimiter limiter = limiter(1, Duration.ofMinutes(1));
        limiter.tryAcquire("ada");
        String key = redis.getSyncClient().keys("*").get(0);
        byte[] before = redis.getSyncClient().dump(key);
        long life = redis.getSyncClient().pttl(key);

        limiter.tryAcquire("ada");

        assertThat(redis.getSyncClient().dump(key)).isEqualTo(before);
        assertThat(redis.getSyncClient().pttl(key)).isLessThanOrEqualTo(life);
    }

    @Test
    void keepsKeysThatHideTheSubjectAndExpire() {
        limiter(3, Duration.ofMillis(500)).tryAcquire("ada@example.com");

        List<String> keys = redis.getSyncClient().keys("*");
        assertThat(keys)
                .singleElement()
                .asString()
                .startsWith("ratelimit:test::")
                .doesNotContain("ada");
        assertThat(redis.getSyncClient().pttl(keys.get(0))).isBetween(1L, 500L);
    }

    @Test
    void forgetsALogFromTheFutureOfAClockThatWasSetBack() {
        RateLimiter limiter = limiter(1, Duration.ofSeconds(1));
        limiter.tryAcquire("ada");
        String key = redis.getSyncClient().keys("*").get(0);
        redis.getSyncClient().del(key);
        redis.getSyncClient().zadd(key, 9e15, "9000000000000000");

        assertThat(limiter.tryAcquire("ada").isAllowed()).isTrue();
        assertThat(limiter.tryAcquire("ada").isAllowed()).isFalse();
    }

    @Test
    void answersByItsRuleWhileRedisIsAway() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager doomed = RedisManager.create(RedisSettings.of(server.url()))) {
            RateLimiter open = RateLimiter.slidingWindow(doomed, "test", Limit.of(3, Duration.ofMinutes(1)));
            RateLimiter shut = open.withOnOutage(OnOutage.DENY);
            open.tryAcquire("ada");
            server.kill();

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> open.tryAcquire("ada").basis() == Basis.OUTAGE);
            assertThat(open.tryAcquire("ada").isAllowed()).isTrue();
            assertThat(shut.tryAcquire("ada").isAllowed()).isFalse();
        }
    }

    @Test
    void refusesLimitsAndSubjectsThatMeanNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Limit.of(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Limit.of(1, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limit.of(1, Duration.ofSeconds(-1)))
                .withMessage("period must be from 1 ms to 366 days, but was PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limiter(1, Duration.ofSeconds(1)).tryAcquire(""));
    }

    private RateLimiter limiter(int permits, Duration period) {
        return RateLimiter.slidingWindow(redis, "test", Limit.of(permits, period));
    }
}
