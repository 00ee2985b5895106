package dev.forge.redis.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Waits for a key that another process is loading to change. */
interface Waiting {

    /** Looks again after a short while, which grows with every time: for want of anybody who would say when to look. */
    Waiting POLLING = (key, leftMillis, times) -> {
        long pause = Math.min(50, 5L << Math.min(times, 4));
        long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1) + 1;
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(Math.min(jittered, leftMillis + 1), TimeUnit.MILLISECONDS)
                .execute(() -> over.complete(null));
        return over;
    };

    /**
     * Completes when it is time to look at {@code key} again; never fails.
     *
     * @param leftMillis how long the lease of the other process may last
     * @param times how often this has been waited for before
     */
    CompletableFuture<Void> change(String key, long leftMillis, int times);
}
