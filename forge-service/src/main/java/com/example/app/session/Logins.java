// forge:file redis
package com.example.app.session;

import com.example.app.web.RetryLater;
import dev.forge.redis.RedisManager;
import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.OnOutage;
import dev.forge.redis.ratelimit.RateLimiter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/**
 * Checks names and passwords.
 *
 * <p>An unknown name takes as long as a wrong password and has the same answer, so that a caller does not learn
 * who has an account. Attempts are limited for each name, from wherever they come.
 */
@Component
class Logins {
    private final Accounts accounts;
    private final Passwords passwords;
    private final RateLimiter attempts;
    private final String hashOfNoUser;

    Logins(
            Accounts accounts,
            Passwords passwords,
            RedisManager redis,
            @Value("${app.login.attempts-for-a-name}") int attemptsForAName) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.attempts = RateLimiter.slidingWindow(
                        redis, "login-name", Limit.of(attemptsForAName, Duration.ofMinutes(1)))
                .withOnOutage(OnOutage.LOCAL_SHARE);
        this.hashOfNoUser = passwords.hash("no user");
    }

    /** Answers 401 unless the password is that of the user, and 429 after too many attempts. */
    void check(String user, String password) {
        if (attempts.tryAcquire(user) instanceof Decision.Denied denied) {
            throw new RetryLater(
                    HttpStatus.TOO_MANY_REQUESTS, "Too many logins by this name.", denied.retryAfter());
        }
        String hash = accounts.find(user).map(Account::passwordHash).orElse(hashOfNoUser);
        boolean matches = passwords.matches(password, hash);
        boolean tooLong = password.getBytes(StandardCharsets.UTF_8).length > Passwords.MOST_BYTES;
        if (!matches || tooLong || hash.equals(hashOfNoUser)) {
            throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "The name or the password is wrong.");
        }
    }
}
