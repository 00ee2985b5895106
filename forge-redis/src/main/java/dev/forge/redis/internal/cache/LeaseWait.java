package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.tracking.KeyWatch;
import dev.forge.redis.internal.tracking.Tracking;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;

/**
 * Waits until a key that another process is loading changes.
 *
 * <p>Redis sends an invalidation on the connection of {@link Tracking}. If tracking is not available, the key is polled
 * after a short pause, which grows with each try.
 */
public record LeaseWait(RedisCore redis) {

    private static final long FIRST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 50;

    /**
     * Completes when it is time to read {@code key} again; never fails.
     *
     * @param leftMillis how long the lease of the other process may last, in milliseconds
     * @param times how often the caller has waited for this key before
     */
    public CompletableFuture<Void> change(CacheKey key, long leftMillis, int times) {
        Tracking tracking = redis.tracking();
        TrackingEpoch epoch = tracking.epochOf(key.inRedis());
        Optional<KeyWatch> watch = epoch == null ? Optional.empty() : tracking.watch(epoch, key.inRedis());
        if (epoch == null || watch.isEmpty()) {
            return polled(leftMillis, times);
        }
        // Redis sends invalidations only for keys that were read. Watch before reading, so that no change is missed.
        return tracking.read(epoch, key.inRedis())
                .thenCompose(read -> read.bytes().filter(LeaseWait::isAwaited).isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : read.isTracked() ? changed(watch.get(), leftMillis + 1) : polled(leftMillis, times))
                .exceptionallyCompose(failure -> redis.scheduler().pause(pause(times)))
                .whenComplete((done, failure) -> watch.get().close());
    }

    private CompletableFuture<Void> polled(long leftMillis, int times) {
        return redis.scheduler().pause(Math.min(pause(times), leftMillis + 1));
    }

    private static boolean isAwaited(byte[] bytes) {
        return Entry.decode(bytes) instanceof Entry.Lease lease && !lease.yields();
    }

    private static long pause(int times) {
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(times, 4));
        return pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1) + 1;
    }

    private CompletableFuture<Void> changed(KeyWatch watch, long millis) {
        return redis.scheduler()
                .within(Duration.ofMillis(millis), watch.changed())
                .exceptionally(failure -> {
                    if (Futures.unwrapped(failure) instanceof TimeoutException) {
                        return null;
                    }
                    throw new CompletionException(failure);
                });
    }
}
