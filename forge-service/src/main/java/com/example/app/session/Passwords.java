// forge:file redis
package com.example.app.session;

import com.example.app.web.RetryLater;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpStatus;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Hashes passwords by bcrypt, which is slow on purpose: at most one at a time for each processor, so that a flood of
 * logins does not take all of them.
 */
@Component
class Passwords {
    /** Bcrypt ignores any further bytes. */
    static final int MOST_BYTES = 72;

    private final PasswordEncoder bcrypt;
    private final Semaphore processors;
    private final Duration patience;

    Passwords() {
        this(new BCryptPasswordEncoder(), Runtime.getRuntime().availableProcessors(), Duration.ofSeconds(2));
    }

    Passwords(PasswordEncoder bcrypt, int processors, Duration patience) {
        this.bcrypt = bcrypt;
        this.processors = new Semaphore(processors, true);
        this.patience = patience;
    }

    String hash(String password) {
        return bcrypt.encode(password);
    }

    /** Whether {@code hash} is of this password. Takes a tenth of a second; after two seconds without a turn, 503. */
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
            if (processors.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new RetryLater(HttpStatus.SERVICE_UNAVAILABLE, "Too many logins at once.", patience);
    }
}
