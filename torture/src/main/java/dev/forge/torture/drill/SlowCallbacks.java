package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Callbacks of failed calls block: other deadlines hold, and Redis is used again as soon as possible. */
final class SlowCallbacks implements Drill {

    static final String PROMISE = "deadlines hold whatever callbacks do";

    private static final int CALLBACKS = 90;
    private static final int CALLBACK_MILLIS = 1_500;
    private static final Duration DEADLINE = Duration.ofMillis(250);
    private static final Duration ENDS = DEADLINE.plusMillis(250);
    private static final Duration RECOVERY = Duration.ofSeconds(2);

    @Override
    public void run(DrillGround ground) throws Exception {
        try (FaultProxy proxy = FaultProxy.to(ground.port());
                RedisManager redis = DrillGround.manager(ground.through(proxy).toBuilder()
                        .socketTimeout(DEADLINE)
                        .build())) {
            proxy.blackHole();
            List<CompletableFuture<?>> slow = new ArrayList<>();
            for (int i = 0; i < CALLBACKS; i++) {
                slow.add(redis.getAsync("slow" + i).handle((value, failure) -> nap()));
            }
            // In time for the end of the others, and after it.
            ends(ground, redis);
            ends(ground, redis);
            proxy.heal();
            recovers(ground, redis);
            long start = System.nanoTime();
            for (CompletableFuture<?> each : slow) {
                long left = start + TimeUnit.SECONDS.toNanos(10) - System.nanoTime();
                try {
                    each.get(Math.max(1, left), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    ground.violations().add(PROMISE, "a callback was not run");
                    return;
                }
            }
        }
    }

    private static void ends(DrillGround ground, RedisManager redis) throws InterruptedException {
        long start = System.nanoTime();
        try {
            redis.getAsync("probe").get(5, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            // It may fail, but in time.
        } catch (TimeoutException e) {
            ground.violations().add(PROMISE, "a call with a deadline of " + DEADLINE.toMillis() + " ms had no end");
            return;
        }
        ground.within(ENDS, start, PROMISE, "a call with a deadline of " + DEADLINE.toMillis() + " ms");
    }

    private static void recovers(DrillGround ground, RedisManager redis) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < RECOVERY.toNanos() * 2) {
            try {
                redis.getSync("probe");
                break;
            } catch (RedisFailure e) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        ground.within(RECOVERY, start, PROMISE, "to use Redis again");
    }

    private static boolean nap() {
        try {
            TimeUnit.MILLISECONDS.sleep(CALLBACK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
