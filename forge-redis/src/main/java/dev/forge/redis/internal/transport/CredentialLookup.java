package dev.forge.redis.internal.transport;

import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisLogin;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the user name and password of a login, which may block; see {@link BoundedLookup}.
 *
 * <p>Thread-safe.
 */
public final class CredentialLookup {

    private final RedisLogin login;
    private final BoundedLookup<Credentials> lookup;

    // Guarded by this.
    private @Nullable Credentials latest;
    private boolean latestUsed;

    /** @param patience how long one lookup may take */
    public CredentialLookup(RedisLogin login, Duration patience, Scheduler scheduler) {
        this.login = login;
        this.lookup = new BoundedLookup<>("the password", "login", this::lookUp, patience, scheduler);
    }

    /** Returns the current credentials; the future is shared and must not be completed by the caller. */
    public CompletableFuture<Credentials> ask() {
        return login.isAskedFor() ? lookup.ask() : CompletableFuture.completedFuture(login.use(Credentials::new));
    }

    /** Ends what is being looked up, and looks up no more. */
    public void close() {
        lookup.close();
    }

    private Credentials lookUp() {
        Credentials credentials = login.use(Credentials::new);
        synchronized (this) {
            latest = credentials;
            latestUsed = false;
        }
        return credentials;
    }

    /**
     * Returns the last credentials at once, for a thread that must not wait; a lookup must have succeeded before. If
     * they were returned before, starts another lookup, whose result the next call returns.
     */
    public Credentials latest() {
        if (!login.isAskedFor()) {
            return login.use(Credentials::new);
        }
        Credentials last;
        boolean used;
        synchronized (this) {
            last = latest;
            used = latestUsed;
            latestUsed = true;
        }
        if (used || last == null) {
            var unused = ask();
        }
        if (last == null) {
            throw new IllegalStateException("the password has not been supplied yet");
        }
        return last;
    }
}
