package dev.forge.redis.internal.tracking;

import java.util.concurrent.CompletableFuture;

/**
 * Waits for one key to change: see {@link Tracking#watch}.
 *
 * <p>Thread-safe.
 */
public final class Watch implements AutoCloseable {

    private final CompletableFuture<Void> changed = new CompletableFuture<>();
    private final ChangeListeners owner;
    private final Generation generation;
    private final String key;

    Watch(ChangeListeners owner, Generation generation, String key) {
        this.owner = owner;
        this.generation = generation;
        this.key = key;
    }

    /**
     * Returns what completes once the key has changed, or may have: it never fails, and may be early. Callbacks run on a thread
     * that serves connections, and must not block.
     */
    public CompletableFuture<Void> changed() {
        return changed;
    }

    /** Waits no longer. The future is left as it is. */
    @Override
    public void close() {
        owner.forget(this);
    }

    Generation generation() {
        return generation;
    }

    String key() {
        return key;
    }

    void complete() {
        changed.complete(null);
    }
}
