package dev.forge.benchmarks.peer.stampede;

import static java.util.Objects.requireNonNull;

import dev.forge.benchmarks.peer.SpringCaches;
import java.util.function.UnaryOperator;
import org.springframework.cache.Cache;

/** Spring: what {@code @Cacheable(sync = true)} calls. */
final class SpringLoading implements LoadingPeer {
    private final SpringCaches caches;
    private final Cache cache;
    private final UnaryOperator<String> loader;

    SpringLoading(int port, UnaryOperator<String> loader) {
        caches = new SpringCaches(port, TTL);
        cache = caches.cache("spring-stampede");
        this.loader = loader;
    }

    @Override
    public String get(String key) {
        return requireNonNull(cache.get(key, () -> loader.apply(key)));
    }

    @Override
    public void close() {
        caches.close();
    }
}
