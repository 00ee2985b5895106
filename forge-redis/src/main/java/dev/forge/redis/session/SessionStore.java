package dev.forge.redis.session;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.RedisManager;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.observe.ObserverSlot;
import dev.forge.redis.internal.thread.CallerFuture;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sessions stored in Redis, under a hash of an id that only the client knows.
 *
 * <p>An id has 256 random bits, and Redis stores only its SHA-256. A session ends at its idle timeout if it is not
 * used, at its absolute timeout however much it is used, or when it is deleted, rotated or revoked. Nothing revives it.
 * Redis enforces both timeouts by its own clock, to the second. Nothing is kept in the memory of the process: a
 * revocation takes effect at once, everywhere.
 *
 * <p>Reading, changing and saving take one round trip each. Creating and deleting a session of a user take two, each of
 * which may take up to {@code REDIS_SOCKET_TIMEOUT}. A session that cannot be read counts as missing, never as an
 * error. A text that cannot be an id is answered without asking Redis.
 *
 * <p>A session holds at most 64 attributes, and 16 KiB of names and values or as much as the settings say. A change that
 * would exceed that fails with an {@link IllegalArgumentException} and changes nothing.
 *
 * <p>When Redis is unavailable every operation fails with a {@link dev.forge.redis.failure.RedisFailure}, because
 * whether a user is logged in cannot be guessed.
 *
 * <p>Each operation has a blocking variant, and a non-blocking one whose name ends in {@code Async}.
 *
 * <p>Thread-safe.
 */
public final class SessionStore {

    /** The attribute that {@link #sessionsOf} shows to the user, such as "Firefox on Linux". */
    public static final String DEVICE = "device";

    private final RedisCore redis;
    private final SessionSettings settings;
    private final StoredSessions sessions;
    private final Rotation rotation;
    private final Revocation revocation;
    private final SessionDirectory directory;

    SessionStore(RedisManager redis, SessionSettings settings, Rotation.Pause pause) {
        this.redis = CoreAccess.coreOf(requireNonNull(redis, "redis"));
        this.settings = requireNonNull(settings, "settings");
        this.redis.claims().add(settings.keyspace(), "a session store");
        this.sessions = new StoredSessions(this.redis, settings);
        UserSessions lists = new UserSessions(this.redis, settings);
        this.revocation = new Revocation(sessions, lists);
        this.rotation = new Rotation(this.redis, settings, sessions, lists, revocation, pause);
        this.directory = new SessionDirectory(this.redis, settings, sessions, revocation);
    }

    /** Returns a store of sessions that last 24 hours. */
    public static SessionStore create(RedisManager redis) {
        return create(redis, SessionSettings.defaults());
    }

    /**
     * Returns a store with {@code settings}.
     *
     * @throws IllegalArgumentException if a cache of the same manager has its name
     */
    public static SessionStore create(RedisManager redis, SessionSettings settings) {
        return new SessionStore(redis, settings, step -> Rotation.Pause.none());
    }

    /** Returns the settings. */
    public SessionSettings settings() {
        return settings;
    }

    /** Returns the sessions as an administrator sees them: by user, and by handles that open none of them. */
    public SessionDirectory directory() {
        return directory;
    }

    /**
     * Creates a session of {@code user}, or of {@link Session#ANONYMOUS} before a login, with an id that was never used
     * before.
     *
     * @throws IllegalArgumentException if the user or the attributes exceed what a session may hold
     */
    public Session create(String user, Map<String, String> attributes) {
        return await(() -> createAsync(user, attributes));
    }

    /** Non-blocking variant of {@link #create(String, Map)}. */
    public CompletableFuture<Session> createAsync(String user, Map<String, String> attributes) {
        checkOwner(user);
        Attributes.check(attributes, settings.maxBytes());
        CompletableFuture<Session> created = sessions.create(SessionId.random(), user, attributes);
        return held("create", user.equals(Session.ANONYMOUS) ? created : created.thenCompose(revocation::list));
    }

    /** Returns the session with {@code id}, or nothing if there is none; counts as a use of it. */
    public Optional<Session> get(String id) {
        return await(() -> getAsync(id));
    }

    /** Non-blocking variant of {@link #get}. */
    public CompletableFuture<Optional<Session>> getAsync(String id) {
        return known("get", id, Optional.empty(), known -> use(known, Change.NONE));
    }

    /** Records a use of the session without reading it; returns whether there is one. */
    public boolean touch(String id) {
        return await(() -> touchAsync(id));
    }

    /** Non-blocking variant of {@link #touch}. */
    public CompletableFuture<Boolean> touchAsync(String id) {
        return known("touch", id, false, known -> sessions.put(known, Change.NONE));
    }

    /**
     * Sets the attributes in {@code changes} and keeps the others, so that concurrent changes of different attributes
     * all take effect. Returns the session, or nothing if there is none; a session that has ended is not revived.
     */
    public Optional<Session> merge(String id, Map<String, String> changes) {
        return await(() -> mergeAsync(id, changes));
    }

    /** Non-blocking variant of {@link #merge(String, Map)}. */
    public CompletableFuture<Optional<Session>> mergeAsync(String id, Map<String, String> changes) {
        return mergeAsync(id, changes, List.of());
    }

    /** Like {@link #merge(String, Map)}, but also removes the attributes {@code removals}, in one atomic step. */
    public Optional<Session> merge(String id, Map<String, String> changes, Collection<String> removals) {
        return await(() -> mergeAsync(id, changes, removals));
    }

    /** Non-blocking variant of {@link #merge(String, Map, Collection)}. */
    public CompletableFuture<Optional<Session>> mergeAsync(
            String id, Map<String, String> changes, Collection<String> removals) {
        Change change = Change.merge(changes, removals, settings.maxBytes());
        return known("merge", id, Optional.empty(), known -> use(known, change));
    }

    /**
     * Like {@link #merge(String, Map, Collection)}, but without reading the session, at about half the cost; returns
     * whether there is one.
     */
    public boolean put(String id, Map<String, String> changes, Collection<String> removals) {
        return await(() -> putAsync(id, changes, removals));
    }

    /** Non-blocking variant of {@link #put}. */
    public CompletableFuture<Boolean> putAsync(String id, Map<String, String> changes, Collection<String> removals) {
        Change change = Change.merge(changes, removals, settings.maxBytes());
        return known("put", id, false, known -> sessions.put(known, change));
    }

    /** Removes the attributes {@code names}; returns the session, or nothing if there is none. */
    public Optional<Session> remove(String id, Collection<String> names) {
        return await(() -> removeAsync(id, names));
    }

    /** Non-blocking variant of {@link #remove}. */
    public CompletableFuture<Optional<Session>> removeAsync(String id, Collection<String> names) {
        return mergeAsync(id, Map.of(), names);
    }

    /**
     * Replaces all attributes with those of {@code session}, if the session was not changed since {@code session} was
     * read. Of two saves of the same version, only one can succeed.
     */
    public SaveResult save(Session session) {
        return await(() -> saveAsync(session));
    }

    /** Non-blocking variant of {@link #save}. */
    public CompletableFuture<SaveResult> saveAsync(Session session) {
        return held("save", sessions.use(session.id(), Change.save(session, settings.maxBytes())));
    }

    /**
     * Moves the session to a new id and returns it; nothing if there is none. Do this whenever the permissions of a
     * user change, as at a login, so that an id that was planted or seen before is worthless.
     *
     * <p>When it returns, the old id is invalid. Of two rotations of one id, one gets the session. On a single server
     * it is one atomic step. On a cluster it takes four more round trips; if it is interrupted there, either the old id
     * is still valid, or no valid id is known to any client. After a failure with unknown outcome the old id may or may
     * not be valid, and no other id is.
     */
    public Optional<Session> rotate(String id) {
        return await(() -> rotateAsync(id));
    }

    /** Non-blocking variant of {@link #rotate(String)}. */
    public CompletableFuture<Optional<Session>> rotateAsync(String id) {
        return known("rotate", id, Optional.empty(), known -> rotation.rotate(known, null));
    }

    /** Like {@link #rotate(String)}, but also assigns the session to {@code user} or {@link Session#ANONYMOUS}. */
    public Optional<Session> rotate(String id, String user) {
        return await(() -> rotateAsync(id, user));
    }

    /** Non-blocking variant of {@link #rotate(String, String)}. */
    public CompletableFuture<Optional<Session>> rotateAsync(String id, String user) {
        checkOwner(user);
        return known("rotate", id, Optional.empty(), known -> rotation.rotate(known, user));
    }

    /** Deletes the session; returns whether there was one. */
    public boolean delete(String id) {
        return await(() -> deleteAsync(id));
    }

    /** Non-blocking variant of {@link #delete}. */
    public CompletableFuture<Boolean> deleteAsync(String id) {
        return known("delete", id, false, known -> revocation.delete(known.digest()));
    }

    /**
     * Deletes every existing session of {@code user}, including one that is being rotated; returns how many.
     *
     * <p>A session exists from the moment its {@link #create} returns. If this fails, some sessions may be deleted and
     * others not: repeating it deletes the rest.
     */
    public long deleteAllOf(String user) {
        return await(() -> deleteAllOfAsync(user));
    }

    /** Non-blocking variant of {@link #deleteAllOf}. */
    public CompletableFuture<Long> deleteAllOfAsync(String user) {
        Attributes.checkUser(user);
        return held("delete_all_of", revocation.deleteAllOf(user));
    }

    /** Returns the sessions of {@code user}, most recently used first, without their ids; does not count as a use. */
    public List<ActiveSession> sessionsOf(String user) {
        return await(() -> sessionsOfAsync(user));
    }

    /** Non-blocking variant of {@link #sessionsOf}. */
    public CompletableFuture<List<ActiveSession>> sessionsOfAsync(String user) {
        Attributes.checkUser(user);
        return held("sessions_of", revocation.sessionsOf(user));
    }

    private CompletableFuture<Optional<Session>> use(SessionId id, Change change) {
        return sessions.use(id, change)
                .thenApply(result ->
                        result instanceof SaveResult.Saved saved ? Optional.of(saved.session()) : Optional.empty());
    }

    private <T> CompletableFuture<T> known(
            String name, String id, T absent, Function<SessionId, CompletableFuture<T>> operation) {
        return held(name, SessionId.of(id).map(operation).orElseGet(() -> CompletableFuture.completedFuture(absent)));
    }

    private static void checkOwner(String user) {
        if (!user.equals(Session.ANONYMOUS)) {
            Attributes.checkUser(user);
        }
    }

    private <T> CompletableFuture<T> held(String name, CompletableFuture<T> future) {
        ObserverSlot observers = redis.observers();
        if (observers.isSet()) {
            future.whenComplete((result, failure) -> observers.sessionUsed(name, outcome(result, failure)));
        }
        return CallerFuture.of(future);
    }

    private static String outcome(@Nullable Object result, @Nullable Throwable failure) {
        if (failure != null) {
            return "failed";
        }
        if (result instanceof SaveResult.Stale) {
            return "stale";
        }
        boolean absent = Boolean.FALSE.equals(result)
                || result instanceof SaveResult.Ended
                || (result instanceof Optional<?> found && found.isEmpty());
        return absent ? "absent" : "ok";
    }

    private <T> T await(Supplier<CompletableFuture<T>> operation) {
        return redis.awaitFirst("session", operation);
    }
}
