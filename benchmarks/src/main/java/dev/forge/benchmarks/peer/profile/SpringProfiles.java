package dev.forge.benchmarks.peer.profile;

import dev.forge.benchmarks.peer.SpringCaches;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Spring: a method with {@code @Cacheable}, over a cache that keeps JSON with the name of the class. */
final class SpringProfiles implements ProfilePeer {
    private final SpringCaches caches;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final Profiles profiles;

    SpringProfiles(int port) {
        caches = new SpringCaches(port, TTL);
        context.registerBean(CacheManager.class, caches::manager);
        context.registerBean(Profiles.class, () -> new FromNowhere());
        context.register(Caching.class);
        context.refresh();
        profiles = context.getBean(Profiles.class);
    }

    /** Enables the annotation. */
    @EnableCaching
    static class Caching {}

    /** The service that the application calls. */
    interface Profiles {
        Profile get(String id);
    }

    /** The source that it would load from. */
    static class FromNowhere implements Profiles {
        @Override
        @Cacheable("spring-profile")
        public Profile get(String id) {
            return Profile.of(Long.parseLong(id));
        }
    }

    @Override
    public Profile get(String id) {
        return profiles.get(id);
    }

    @Override
    public void close() {
        context.close();
        caches.close();
    }
}
