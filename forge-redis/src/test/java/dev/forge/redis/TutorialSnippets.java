package dev.forge.redis;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.health.Health;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The examples of docs/tutorial-existing-application.md; {@link DocumentationTest} compares and runs them. */
final class TutorialSnippets {

    private static final Logger LOG = LoggerFactory.getLogger(TutorialSnippets.class);

    private TutorialSnippets() {}

    static RedisManager manager() {
        RedisManager redis = RedisManager.fromEnvironment();
        return redis;
    }

    record UserProfile(long id, String name) {}

    interface Users {
        Optional<UserProfile> find(String id);

        void rename(String id, String name);
    }

    static final class CachedUsers {
        private static final Logger LOG = LoggerFactory.getLogger(CachedUsers.class);

        private final Users users;
        private final Cache<UserProfile> profiles;

        CachedUsers(RedisManager redis, Users users) {
            this.users = users;
            this.profiles = Cache.builder(redis, "user:profile", UserProfile.class)
                    .ttl(Duration.ofMinutes(5))
                    .staleFor(Duration.ofHours(1))
                    .build();
        }

        Optional<UserProfile> find(String id) {
            return profiles.get(id, users::find);
        }

        void rename(String id, String name) {
            users.rename(id, name); // the change is committed when this returns
            try {
                profiles.invalidate(id);
            } catch (RedisFailure failure) {
                LOG.warn("user {} is renamed, but the old name may be shown for a while: {}", id, failure.toString());
            }
        }
    }

    static void watch(RedisManager redis) {
        Health health = redis.healthSync();
        if (health instanceof Health.ReadOnly readOnly) {
            LOG.warn("Redis takes no writes: {}", readOnly.reason());
        } else if (health instanceof Health.Down down) {
            LOG.warn("Redis is down: {}", down.reason());
        }
    }
}
