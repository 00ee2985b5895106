package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks of failed calls block for ever, and delay nothing else. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CallbacksTest {

    private static final Duration DEADLINE = Duration.ofMillis(250);
    private static final Duration IN_TIME = Duration.ofSeconds(2);
    private static final LuaScript ECHO = LuaScript.of("echo", "return ARGV[1]");

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger blocked = new AtomicInteger();
    private EmbeddedRedis server;
    private FaultProxy proxy;
    private RedisManager redis;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start();
        proxy = FaultProxy.to(server.port());
        redis = RedisManager.create(
                RedisSettings.builder(proxy.url()).poolSize(0).build());
        Promises.warmUp(redis);
        // More than the deadline, and less than the time after which the server counts as unresponsive.
        proxy.latency(FaultProxy.Direction.REPLIES, Duration.ofMillis(400));
    }

    @AfterEach
    void stop() {
        release.countDown();
        redis.close();
        proxy.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {90, 1_000})
    void delaysNoDeadlineOfOtherCalls(int callbacks) {
        block(callbacks);

        assertThat(failureInTheEnd(() -> SyncCore.of(redis).eval(ECHO, List.of(), arguments(), DEADLINE)))
                .isInstanceOf(RedisFailure.class);
        assertThat(failureInTheEnd(() -> call().get())).hasCauseInstanceOf(RedisFailure.class);
        assertThat(failureInTheEnd(() -> call().join())).hasCauseInstanceOf(RedisFailure.class);
        assertThat(failureInTheEnd(() -> withCallback().get(IN_TIME.toMillis(), TimeUnit.MILLISECONDS)))
                .hasCauseInstanceOf(RedisFailure.class);
    }

    @Test
    void delaysNoMultiStepOperation() {
        RateLimiter limiter = RateLimiter.slidingWindow(redis, "api", Limit.of(10, Duration.ofMinutes(1)))
                .withTimeout(DEADLINE);
        block(1_000);

        assertThat(failure(() -> limiter.tryAcquire("ada"))).isNull();
        assertThat(failure(() -> limiter.tryAcquireAsync("bob").get())).isNull();
    }

    @Test
    void delaysNoMultiStepOperationWhoseOwnCallbacksBlock() {
        RateLimiter limiter = RateLimiter.slidingWindow(redis, "api", Limit.of(10, Duration.ofMinutes(1)))
                .withTimeout(DEADLINE);
        for (int i = 0; i < 200; i++) {
            limiter.tryAcquireAsync("subject" + i).whenComplete(this::block);
        }
        awaitBlocked();

        assertThat(failure(() -> limiter.tryAcquire("ada"))).isNull();
        assertThat(failure(() -> limiter.tryAcquireAsync("bob").get())).isNull();
    }

    @Test
    void delaysNoHeartbeatAndNoReconnect() {
        block(1_000);
        proxy.latency(FaultProxy.Direction.REPLIES, Duration.ZERO);
        long accepted = proxy.accepted();

        server.freeze();
        await().atMost(Promises.PATIENCE).until(() -> proxy.accepted() > accepted);
        server.thaw();

        await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("key")) == null);
    }

    @Test
    void runsEveryCallbackOnceBlockedOnesEnd() {
        AtomicInteger ran = new AtomicInteger();
        block(90);
        for (int i = 0; i < 500; i++) {
            call().whenComplete((reply, failure) -> ran.incrementAndGet());
        }

        release.countDown();

        await().atMost(Promises.PATIENCE).until(() -> ran.get() == 500);
    }

    /** Makes at least {@code callbacks} calls whose callbacks block, and more until no further callback can run. */
    private void block(int callbacks) {
        for (int i = 0; i < callbacks; i++) {
            call().whenComplete(this::block);
        }
        await().atMost(Promises.PATIENCE).pollInSameThread().until(() -> {
            call().whenComplete(this::block);
            return blocked.get() >= Scheduler.MOST_WORKERS;
        });
    }

    private void awaitBlocked() {
        await().atMost(Promises.PATIENCE).until(() -> blocked.get() >= Scheduler.MOST_WORKERS);
    }

    private void block(Object reply, Throwable failure) {
        // A call that succeeds after all, on a busy machine, must not block the thread that reads replies.
        String thread = Thread.currentThread().getName();
        if (thread.startsWith("forge-redis-") && !thread.contains("reader")) {
            blocked.incrementAndGet();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private CompletableFuture<ScriptReply> call() {
        RedisCore core = CoreAccess.coreOf(redis);
        return CallerFuture.of(core.eval(ECHO, List.of(), arguments(), DEADLINE));
    }

    private CompletableFuture<ScriptReply> withCallback() {
        CompletableFuture<ScriptReply> call = call();
        call.whenComplete((reply, failure) -> {});
        return call;
    }

    private static List<byte[]> arguments() {
        return List.of(new byte[] {1});
    }

    /** Repeats a call that succeeds: on a busy machine its late reply may be there before anyone looks at its deadline. */
    private static Throwable failureInTheEnd(Callable<?> call) {
        Throwable thrown = failure(call);
        for (int i = 1; i < 5 && thrown == null; i++) {
            thrown = failure(call);
        }
        return thrown;
    }

    /** Returns what {@code operation} throws; it must throw in time. */
    private static Throwable failure(Callable<?> operation) {
        long start = System.nanoTime();
        Throwable thrown = catchThrowable(operation::call);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(IN_TIME);
        return thrown;
    }
}
