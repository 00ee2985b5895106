package dev.forge.benchmarks.peer.deletion;

import dev.forge.benchmarks.peer.SpringCaches;
import java.time.Duration;

/** Spring: {@code invalidate} of a cache, set up to scan; its default is {@code KEYS}. */
final class SpringDeletion implements DeletionPeer {
    private final SpringCaches caches;

    SpringDeletion(int port) {
        caches = new SpringCaches(port, Duration.ofHours(1));
    }

    @Override
    public void delete(String name) {
        caches.cache(name).invalidate();
    }

    @Override
    public void close() {
        caches.close();
    }
}
