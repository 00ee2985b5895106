package dev.forge.redis.session;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.thread.CallerFuture;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Sessions as an administrator sees them: by user, and by handles that open none of them.
 *
 * <p>A handle names one session until it ends or moves to a new id. It is not a secret: a client that sends a handle in
 * the place of an id gets no session. Nothing here counts as a use of a session.
 *
 * <p>When Redis is unavailable every operation fails with a {@link dev.forge.redis.failure.RedisFailure}. Each has a
 * blocking variant, and a non-blocking one whose name ends in {@code Async}. Thread-safe.
 */
public final class SessionDirectory {

    private final RedisCore redis;
    private final SessionSettings settings;
    private final StoredSessions sessions;
    private final Revocation revocation;

    SessionDirectory(RedisCore redis, SessionSettings settings, StoredSessions sessions, Revocation revocation) {
        this.redis = redis;
        this.settings = settings;
        this.sessions = sessions;
        this.revocation = revocation;
    }

    /** Returns the handle of the session with {@code id}, even if there is none; nothing if it cannot be an id. */
    public Optional<String> handleOf(String id) {
        return SessionId.of(id).map(SessionId::handle);
    }

    /**
     * Returns the sessions of {@code user}, most recently used first.
     *
     * <p>Sessions that have ended are removed from the list of the user.
     */
    public List<SessionView> findAllOf(String user) {
        return await(findAllOfAsync(user));
    }

    /** Non-blocking variant of {@link #findAllOf}. */
    public CompletableFuture<List<SessionView>> findAllOfAsync(String user) {
        Attributes.checkUser(user);
        return CallerFuture.of(revocation.viewsOf(user));
    }

    /** Returns the session with {@code handle}, or nothing if there is none. */
    public Optional<SessionView> find(String handle) {
        return await(findAsync(handle));
    }

    /** Non-blocking variant of {@link #find}. */
    public CompletableFuture<Optional<SessionView>> findAsync(String handle) {
        return known(handle, Optional.empty(), sessions::view);
    }

    /**
     * Sets the attributes in {@code changes}, removes {@code removals}, and keeps the others; returns whether there is
     * such a session. One that has ended is not revived.
     */
    public boolean put(String handle, Map<String, String> changes, Collection<String> removals) {
        return await(putAsync(handle, changes, removals));
    }

    /** Non-blocking variant of {@link #put}. */
    public CompletableFuture<Boolean> putAsync(
            String handle, Map<String, String> changes, Collection<String> removals) {
        Change change = Change.merge(changes, removals, settings.maxBytes());
        return known(handle, false, digest -> sessions.putUnused(digest, change));
    }

    /** Deletes the session with {@code handle}; returns whether there was one. */
    public boolean delete(String handle) {
        return await(deleteAsync(handle));
    }

    /** Non-blocking variant of {@link #delete}. */
    public CompletableFuture<Boolean> deleteAsync(String handle) {
        return known(handle, false, revocation::delete);
    }

    private <T> CompletableFuture<T> known(String handle, T absent, Function<String, CompletableFuture<T>> operation) {
        return CallerFuture.of(
                SessionView.digest(handle).map(operation).orElseGet(() -> CompletableFuture.completedFuture(absent)));
    }

    private <T> T await(CompletableFuture<T> future) {
        return redis.await("session", future);
    }
}
