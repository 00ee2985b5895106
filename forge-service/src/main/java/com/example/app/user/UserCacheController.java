// forge:file redis
package com.example.app.user;

import com.example.app.session.Accounts;
import com.example.app.web.RetryLater;
import dev.forge.redis.RedisManager;
import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.OnOutage;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.session.SessionCookie;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Removes all cached values of a user, by a key pattern.
 *
 * <p>Redis looks at every key for that. So only the user may ask for it, and it happens at most once a second.
 */
@RestController
@Tag(name = "users")
class UserCacheController {
    private final CachedProfiles profiles;
    private final Accounts accounts;
    private final SessionStore sessions;
    private final SessionCookie cookie;
    private final RateLimiter scans;

    UserCacheController(
            CachedProfiles profiles,
            Accounts accounts,
            SessionStore sessions,
            SessionCookie cookie,
            RedisManager redis) {
        this.profiles = profiles;
        this.accounts = accounts;
        this.sessions = sessions;
        this.cookie = cookie;
        this.scans = RateLimiter.slidingWindow(redis, "scans", Limit.of(1, Duration.ofSeconds(1)))
                .withOnOutage(OnOutage.LOCAL_SHARE);
    }

    @DeleteMapping("/users/{id:[0-9]+}/caches")
    @Operation(summary = "Removes everything that is cached for the user of the session")
    Cleared clear(@PathVariable @Parameter(example = "1") long id, HttpServletRequest request) {
        String user = cookie.read(request)
                .flatMap(sessions::get)
                .map(Session::user)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.UNAUTHORIZED, "There is no session."));
        if (!accounts.owns(user, id)) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN, "The session belongs to another user.");
        }
        if (scans.tryAcquire("all") instanceof Decision.Denied denied) {
            throw new RetryLater(
                    HttpStatus.TOO_MANY_REQUESTS, "Caches are cleared at most once a second.", denied.retryAfter());
        }
        return new Cleared(profiles.clear(id));
    }

    record Cleared(long removed) {}
}
