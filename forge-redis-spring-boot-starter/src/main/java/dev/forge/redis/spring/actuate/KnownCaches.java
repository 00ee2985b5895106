package dev.forge.redis.spring.actuate;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.spring.cache.ForgeCacheManager;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** The caches that are beans, and those of {@link ForgeCacheManager} beans. */
record KnownCaches(ObjectProvider<Cache<?>> beans, ObjectProvider<ForgeCacheManager> managers) {

    /** Returns all caches by name; if two have the same name, the bean. */
    Map<String, Cache<?>> all() {
        Map<String, Cache<?>> all = new TreeMap<>();
        for (ForgeCacheManager manager : managers) {
            for (String name : manager.getCacheNames()) {
                org.springframework.cache.Cache cache = manager.getCache(name);
                if (cache != null && cache.getNativeCache() instanceof Cache<?> own) {
                    all.put(name, own);
                }
            }
        }
        beans.stream(ObjectProvider.UNFILTERED).forEach(cache -> all.put(cache.name(), cache));
        return all;
    }

    @Nullable
    Cache<?> named(String name) {
        return all().get(name);
    }
}
