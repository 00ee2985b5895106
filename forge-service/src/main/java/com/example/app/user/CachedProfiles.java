// forge:file redis
package com.example.app.user;

import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Service;

/**
 * A cache in front of the profiles in the database. When Redis is unavailable, profiles come from the
 * database, and a change is saved all the same. When the database is, profiles that were read within the
 * last hour are still there.
 *
 * <p>The keys of user 1 are {@code user::1:profile} and whatever else is put beside it as {@code 1:…}, so
 * that one pattern covers everything that is cached for one user.
 */
@Primary
@Service
class CachedProfiles implements Profiles {
    private static final Logger log = LoggerFactory.getLogger(CachedProfiles.class);

    private final DatabaseProfiles database;
    private final Cache<UserProfile> cache;

    CachedProfiles(
            DatabaseProfiles database, RedisManager redis, @Qualifier("applicationTaskExecutor") Executor executor) {
        this.database = database;
        this.cache = Cache.builder(redis, "user", UserProfile.class)
                .ttl(Duration.ofMinutes(5))
                .staleFor(Duration.ofHours(1))
                .nearCache(10_000)
                .executor(executor)
                .build();
    }

    @Override
    public CompletableFuture<Optional<UserProfile>> find(long id) {
        return cache.getAsync(profileKey(id), key -> database.load(id));
    }

    @Override
    public Optional<Saved> save(long id, ProfileChange change) {
        // The order matters: the change is committed when database.save returns. Invalidated any earlier,
        // the cache could be filled again with the old row before the new one is visible.
        Optional<Saved> saved = database.save(id, change);
        return saved.map(committed -> new Saved(committed.profile(), invalidate(id)));
    }

    /** Removes everything that is cached for one user, and nothing of any other user. Returns the number removed. */
    CompletableFuture<Long> clear(long id) {
        return cache.invalidateMatchingAsync(KeyPattern.of("{}:*", id));
    }

    private boolean invalidate(long id) {
        try {
            cache.invalidate(profileKey(id));
            return true;
        } catch (RedisFailure failure) {
            log.warn(
                    "Profile {} is changed, but its old copy may be shown until it expires: {}",
                    id,
                    failure.toString());
            return false;
        }
    }

    private static String profileKey(long id) {
        return RedisKey.of(id, "profile");
    }
}
