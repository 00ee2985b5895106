package dev.forge.redis;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptInput;
import dev.forge.redis.script.ScriptReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Shared by the tests of the promises: how long they may take, and how they wait. */
public final class Promises {

    /** How long a test waits for something that must happen eventually. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int WARM_UP_CALLS = 50;
    private static final LuaScript NOTHING = LuaScript.of("nothing", "return 0");

    private Promises() {}

    /** Returns whether {@code -Dforge.promises=long} asks for the form that takes minutes. */
    public static boolean longForm() {
        return "long".equals(System.getProperty("forge.promises"));
    }

    /** Returns one of two numbers: the first by default, the second in the long form. */
    public static int count(int inShort, int inLong) {
        return longForm() ? inLong : inShort;
    }

    /** Connects, and loads the classes that a call and its failure need. */
    public static void warmUp(RedisManager redis) {
        Awaitility.await().atMost(PATIENCE).until(() -> catchThrowable(redis::initializeSync) == null);
        for (int i = 0; i < WARM_UP_CALLS; i++) {
            var unused = catchThrowable(() -> redis.setSync("warm", "value"));
            unused = catchThrowable(() -> redis.getSync("warm"));
        }
    }

    /** Waits until the operation has ended, successfully or not. */
    static void once(Supplier<CompletableFuture<?>> operation) {
        try {
            operation.get().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The caller inspects the outcome.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the latch is open. */
    public static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs {@code asking} while the thread that writes waits, so that no other call is sent meanwhile. */
    public static void whileNothingLeaves(RedisManager redis, Runnable asking) {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<ScriptReply> first = CoreAccess.coreOf(redis)
                .evalLate(
                        NOTHING,
                        () -> {
                            busy.countDown();
                            await(release);
                            return new ScriptInput(List.of(), List.of());
                        },
                        PATIENCE);
        await(busy);
        try {
            asking.run();
        } finally {
            release.countDown();
        }
        // It may have passed its deadline meanwhile.
        first.handle((reply, failure) -> failure).join();
    }

    /** Waits until the thread has ended. */
    public static void join(Thread thread) {
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sleeps for the duration of an outage or of an observation. */
    public static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
