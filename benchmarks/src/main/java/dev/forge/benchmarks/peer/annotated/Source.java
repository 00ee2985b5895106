package dev.forge.benchmarks.peer.annotated;

import dev.forge.benchmarks.peer.profile.Profile;
import java.util.function.UnaryOperator;
import org.springframework.cache.annotation.Cacheable;

/** The service whose methods are cached. */
class Source {
    private final UnaryOperator<String> loader;

    /** @param loader loads what {@link #loaded} returns */
    Source(UnaryOperator<String> loader) {
        this.loader = loader;
    }

    /** Returns the profile of {@code id}. */
    @Cacheable("method-profile")
    public Profile profile(String id) {
        return Profile.of(Long.parseLong(id));
    }

    /** Returns {@code key} itself, from memory where the manager has one. */
    @Cacheable("method-near")
    public String near(String key) {
        return key;
    }

    /** Returns what the loader makes of {@code key}; one call loads it for all. */
    @Cacheable(cacheNames = "method-loaded", sync = true)
    public String loaded(String key) {
        return loader.apply(key);
    }
}
