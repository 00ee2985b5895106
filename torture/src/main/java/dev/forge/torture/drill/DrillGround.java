package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.FaultProxy;
import dev.forge.torture.check.Stalls;
import dev.forge.torture.check.Violations;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The environment of the drills.
 *
 * @param settings the settings of a healthy server
 * @param port its port, for proxies of a drill's own
 * @param random depends on the seed, and on the drills before
 * @param filling a secret that values contain
 */
public record DrillGround(
        RedisSettings settings, int port, Violations violations, Stalls stalls, Random random, String filling) {

    private static final int MOST_STARTS = 50;
    private static final int BETWEEN_STARTS_MILLIS = 50;

    /** Returns a manager of the server that is connected. */
    RedisManager manager() throws InterruptedException {
        return manager(settings);
    }

    /** Returns a manager that is connected through {@code proxy}. */
    RedisManager manager(FaultProxy proxy) throws InterruptedException {
        return manager(through(proxy));
    }

    /** Returns settings like those of the phase that lead through {@code proxy}. */
    RedisSettings through(FaultProxy proxy) {
        return RedisSettings.builder(proxy.url())
                .socketTimeout(settings.socketTimeout())
                .build();
    }

    /** Returns a manager with {@code some} settings that is connected; a loaded machine may need several attempts. */
    static RedisManager manager(RedisSettings some) throws InterruptedException {
        RedisManager manager = RedisManager.create(some);
        for (int attempt = 1; ; attempt++) {
            try {
                manager.initializeSync();
                return manager;
            } catch (RedisFailure e) {
                if (attempt == MOST_STARTS) {
                    manager.close();
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_STARTS_MILLIS);
            }
        }
    }

    /** Returns a name that no drill has used before. */
    String fresh(String what) {
        return what + Integer.toHexString(random.nextInt() & 0xFFFFFF);
    }

    /** Records that {@code promise} was broken unless {@code kept}. */
    void require(boolean kept, String promise, String otherwise) {
        if (!kept) {
            violations.add(promise, otherwise);
        }
    }

    /** Records that {@code promise} was broken if more than {@code bound} has passed, less stalls of the JVM. */
    void within(Duration bound, long start, String promise, String what) {
        long end = System.nanoTime();
        long over = end - start - bound.toNanos();
        if (over > 0 && over > stalls.between(start, end)) {
            violations.add(
                    promise,
                    what + " took " + TimeUnit.NANOSECONDS.toMillis(end - start) + " ms of " + bound.toMillis()
                            + " ms");
        }
    }
}
