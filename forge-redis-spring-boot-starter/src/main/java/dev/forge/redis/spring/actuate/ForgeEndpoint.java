package dev.forge.redis.spring.actuate;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.observe.CacheStats;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.observe.ConnectionStats;
import dev.forge.redis.spring.cache.report.CachingReport;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * What Forge knows about itself, and the removal of cached values.
 *
 * <p>Read only, unless {@code management.endpoint.forge.access=unrestricted}. It shows keys that the reader names, and no
 * values. An operation that asks Redis blocks; when Redis is unavailable, a read says so in its answer, and a removal
 * fails and is carried out once Redis is back.
 */
@Endpoint(id = "forge", defaultAccess = Access.READ_ONLY)
public final class ForgeEndpoint {

    private final Supplier<Map<String, RedisManager>> managers;
    private final KnownCaches caches;
    private final CachingReport caching;

    ForgeEndpoint(Supplier<Map<String, RedisManager>> managers, KnownCaches caches, CachingReport caching) {
        this.managers = managers;
        this.caches = caches;
        this.caching = caching;
    }

    /** The connections of each manager, and the counters of each cache, in this process. */
    public record Overview(Map<String, ConnectionStats> managers, Map<String, CacheStats> caches) {}

    /** What a removal removed. */
    public record Removal(String cache, long removed) {}

    /** {@code GET /actuator/forge} */
    @ReadOperation
    public Overview stats() {
        return new Overview(ofManagers(RedisManager::connectionStats), ofCaches());
    }

    /**
     * {@code GET /actuator/forge/diagnose}: what will cause trouble; {@code GET /actuator/forge/caching}: why nothing is
     * cached.
     */
    @ReadOperation
    public @Nullable Object view(@Selector String view) {
        return switch (view) {
            case "diagnose" -> ofManagers(RedisManager::diagnoseSync);
            case "caching" -> caching.report();
            case "caches" -> ofCaches();
            default -> null;
        };
    }

    /** {@code GET /actuator/forge/caches/NAME?key=KEY}: the state of one key, without its value. */
    @ReadOperation
    public @Nullable Explanation explain(@Selector String view, @Selector String name, String key) {
        Cache<?> cache = view.equals("caches") ? caches.named(name) : null;
        return cache == null ? null : cache.explain(key);
    }

    /**
     * {@code DELETE /actuator/forge/caches/NAME?key=KEY} removes one value; without a key, all of that cache. A cache
     * that this process does not know is answered with 400: null would be 204, as if something had been removed.
     */
    @DeleteOperation
    public Removal remove(@Selector String view, @Selector String name, @Nullable String key) {
        Cache<?> cache = view.equals("caches") ? caches.named(name) : null;
        if (cache == null) {
            throw new InvalidEndpointRequestException(
                    "Forge has no " + view + " named " + name, "There is no such cache");
        }
        return new Removal(name, key == null ? cache.clear() : cache.invalidate(key));
    }

    private <T> Map<String, T> ofManagers(Function<RedisManager, T> what) {
        Map<String, T> all = new TreeMap<>();
        managers.get().forEach((name, redis) -> all.put(name, what.apply(redis)));
        return all;
    }

    private Map<String, CacheStats> ofCaches() {
        Map<String, CacheStats> all = new TreeMap<>();
        caches.all().forEach((name, cache) -> all.put(name, cache.stats()));
        return all;
    }
}
