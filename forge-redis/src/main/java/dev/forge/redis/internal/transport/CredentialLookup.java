package dev.forge.redis.internal.transport;

import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisLogin;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the user name and password of a login, each time on a thread of its own, which may block.
 *
 * <p>Connections that need them at the same time share one lookup. A lookup that takes too long fails, and its thread
 * is interrupted; the next attempt to connect asks again, unless {@value #MOST_UNANSWERED} threads have not returned
 * yet.
 */
public final class CredentialLookup {

    static final int MOST_UNANSWERED = 3;

    private final RedisLogin login;
    private final Duration patience;
    private final Scheduler scheduler;

    // Guarded by this.
    private @Nullable CompletableFuture<Credentials> current;
    private @Nullable Credentials latest;
    private boolean latestUsed;
    private int asked;
    private int unanswered;

    /** @param patience how long one lookup may take */
    public CredentialLookup(RedisLogin login, Duration patience, Scheduler scheduler) {
        this.login = login;
        this.patience = patience;
        this.scheduler = scheduler;
    }

    /** Returns the current credentials; the future is shared and must not be completed by the caller. */
    public CompletableFuture<Credentials> ask() {
        if (!login.isAskedFor()) {
            return CompletableFuture.completedFuture(login.use(Credentials::new));
        }
        CompletableFuture<Credentials> answer;
        Thread thread;
        synchronized (this) {
            if (current != null && !current.isDone()) {
                return current;
            }
            if (unanswered >= MOST_UNANSWERED) {
                return CompletableFuture.failedFuture(new IllegalStateException(
                        "the password was requested " + unanswered + " times, and no request has returned"));
            }
            answer = new CompletableFuture<>();
            current = answer;
            unanswered++;
            asked++;
            thread = new Thread(() -> answer(answer), "forge-redis-login-" + asked);
        }
        thread.setDaemon(true);
        start(thread, answer);
        return answer;
    }

    private void start(Thread thread, CompletableFuture<Credentials> answer) {
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // Thrown when no more threads can be started, not for want of memory.
            cameBack();
            answer.completeExceptionally(e);
            return;
        }
        try {
            Future<?> timer = scheduler.schedule(
                    () -> scheduler.background().execute(() -> giveUp(thread, answer)), patience.toMillis());
            answer.whenComplete((credentials, failure) -> timer.cancel(false));
        } catch (RejectedExecutionException e) {
            giveUp(thread, answer);
        }
    }

    private void giveUp(Thread thread, CompletableFuture<Credentials> answer) {
        if (answer.completeExceptionally(
                new IllegalStateException("the password was not supplied within " + patience.toMillis() + " ms"))) {
            thread.interrupt();
        }
    }

    private void answer(CompletableFuture<Credentials> answer) {
        Credentials credentials;
        try {
            credentials = login.use(Credentials::new);
        } catch (Throwable e) {
            cameBack();
            answer.completeExceptionally(e);
            return;
        }
        synchronized (this) {
            unanswered--;
            latest = credentials;
            latestUsed = false;
        }
        answer.complete(credentials);
    }

    private synchronized void cameBack() {
        unanswered--;
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
