// forge:file redis
package com.example.app.session;

import com.example.app.web.RetryLater;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpStatus;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Hashes passwords by bcrypt, which is slow on purpose: at most one at a time for each processor, so that a flood of
 * logins does not take all of them.
 */
@Component
class Passwords {
    /** Bcrypt ignores what is behind them. */
    static final int MOST_BYTES = 72;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BCryptPasswordEncoder bcrypt = new BCryptPasswordEncoder();
    private final Semaphore processors =
            new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    String hash(String password) {
        return bcrypt.encode(password);
    }

    /** Whether {@code hash} is of this password. Takes about a tenth of a second, and a turn before it. */
    boolean matches(String password, String hash) {
        takeATurn();
        try {
            return bcrypt.matches(password, hash);
        } finally {
            processors.release();
        }
    }

    private void takeATurn() {
        try {
            if (processors.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new RetryLater(HttpStatus.SERVICE_UNAVAILABLE, "Too many logins at once.", PATIENCE);
    }
}
