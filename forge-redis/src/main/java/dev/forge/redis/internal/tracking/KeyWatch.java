package dev.forge.redis.internal.tracking;

import java.util.concurrent.CompletableFuture;

/**
 * Waits for one key to change: see {@link Tracking#watch}.
 *
 * <p>Thread-safe.
 */
public final class KeyWatch implements AutoCloseable {

    private final CompletableFuture<Void> changed = new CompletableFuture<>();
    private final ChangeListeners owner;
    private final TrackingEpoch epoch;
    private final String key;

    KeyWatch(ChangeListeners owner, TrackingEpoch epoch, String key) {
        this.owner = owner;
        this.epoch = epoch;
        this.key = key;
    }

    /**
     * Returns a future that completes once the key has changed or may have. It never fails, and may complete early.
     * Callbacks run on a thread that serves connections, and must not block.
     */
    public CompletableFuture<Void> changed() {
        return changed;
    }

    /** Stops watching. The future is not completed. */
    @Override
    public void close() {
        owner.forget(this);
    }

    TrackingEpoch epoch() {
        return epoch;
    }

    String key() {
        return key;
    }

    void complete() {
        changed.complete(null);
    }
}
