package dev.forge.redis.cache;

import dev.forge.redis.cache.observe.CacheListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the exceptions of a listener instead of passing them on to the cache. */
record QuietListener(CacheListener listener) implements CacheListener {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.cache");

    @Override
    public void loaded(String key, Duration time) {
        quietly(() -> listener.loaded(key, time));
    }

    @Override
    public void loadFailed(String key, Throwable failure) {
        quietly(() -> listener.loadFailed(key, failure));
    }

    @Override
    public void servedStale(String key) {
        quietly(() -> listener.servedStale(key));
    }

    @Override
    public void storeRejected(String key) {
        quietly(() -> listener.storeRejected(key));
    }

    private static void quietly(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.warn("A CacheListener failed: {}", e.toString());
        }
    }
}
