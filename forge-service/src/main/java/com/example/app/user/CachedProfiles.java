// forge:file redis
package com.example.app.user;

import com.example.app.web.FailureLog;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.cache.Cache;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Service;

/**
 * A cache in front of the profiles in the database.
 *
 * <p>The profile of user 1 has the key {@code user::1:profile}. Cache other values of this user under {@code 1:…}
 * too, so that one pattern covers all of them.
 */
@Primary
@Service
class CachedProfiles implements Profiles {
    private final FailureLog failures = new FailureLog(
            LoggerFactory.getLogger(CachedProfiles.class),
            "A profile was changed, but its cached copy may be shown until Redis works again");

    private final DatabaseProfiles database;
    private final Cache<UserProfile> cache;

    CachedProfiles(DatabaseProfiles database, Cache<UserProfile> cache) {
        this.database = database;
        this.cache = cache;
    }

    @Override
    public Optional<UserProfile> find(long id) {
        return cache.get(profileKey(id), key -> database.find(id));
    }

    @Override
    public Optional<Saved> save(long id, ProfileChange change) {
        // Invalidate only after database.save has committed the change. Before the commit, another request could
        // read the old row and cache it again.
        Optional<Saved> saved = database.save(id, change);
        return saved.map(committed -> new Saved(committed.profile(), invalidate(id)));
    }

    /** Removes everything that is cached for this user and no other. Returns the number of removed values. */
    long clear(long id) {
        return cache.invalidateMatching(KeyPattern.of("{}:*", id));
    }

    private boolean invalidate(long id) {
        try {
            cache.invalidate(profileKey(id));
            return true;
        } catch (RedisFailure failure) {
            failures.warn(failure);
            return false;
        }
    }

    private static String profileKey(long id) {
        return RedisKey.of(id, "profile");
    }
}
