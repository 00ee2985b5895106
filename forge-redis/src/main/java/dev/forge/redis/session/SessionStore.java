package dev.forge.redis.session;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.RedisManager;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.RedisCore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Sessions kept in Redis.
 *
 * <p>An id has 256 random bits, and Redis holds only its SHA-256. A session ends when it has not been used for the idle
 * timeout, at its absolute timeout however much it is used, or when it is deleted, rotated or revoked; nothing brings it back.
 * Both limits are kept by Redis, on its clock, to the second. Reading, changing and saving is one round trip each; creating and
 * deleting one of a user are two, each of which may take as long as {@code REDIS_SOCKET_TIMEOUT} says. A session
 * that cannot be read is absent, never an error, and what cannot be an id is answered without asking Redis. Nothing is kept
 * in the memory of the process: a revocation counts at once, everywhere.
 *
 * <p>A session holds at most 64 attributes and 16 KiB of names and values; a change that would exceed that fails with an
 * {@link IllegalArgumentException} and changes nothing.
 *
 * <p>When Redis is unavailable every operation fails with a {@link dev.forge.redis.failure.RedisFailure}: whether somebody is logged
 * in cannot be guessed.
 *
 * <p>Each operation has a blocking form and one that ends in {@code Async}.
 *
 * <p>Thread-safe.
 */
public final class SessionStore {

    /** The attribute that {@link #sessionsOf} shows: what the user knows the session by, such as "Firefox on Linux". */
    public static final String DEVICE = "device";

    private final RedisCore redis;
    private final SessionSettings settings;
    private final StoredSessions sessions;
    private final UserSessions lists;
    private final Rotation rotation;
    private final Revocation revocation;

    SessionStore(RedisManager redis, SessionSettings settings, Rotation.Pause pause) {
        this.redis = CoreAccess.coreOf(requireNonNull(redis, "redis"));
        this.settings = requireNonNull(settings, "settings");
        this.sessions = new StoredSessions(this.redis, settings);
        this.lists = new UserSessions(this.redis, settings);
        this.rotation = new Rotation(this.redis, settings, sessions, lists, pause);
        this.revocation = new Revocation(sessions, lists);
    }

    /** Returns a store of sessions that last 24 hours. */
    public static SessionStore create(RedisManager redis) {
        return create(redis, SessionSettings.defaults());
    }

    /** Returns a store with {@code settings}. */
    public static SessionStore create(RedisManager redis, SessionSettings settings) {
        return new SessionStore(redis, settings, step -> Rotation.Pause.none());
    }

    /** Returns the settings. */
    public SessionSettings settings() {
        return settings;
    }

    /**
     * Begins a session of {@code user}, or of {@link Session#NOBODY} before anybody has logged in, with an id that nobody has
     * ever had.
     *
     * @throws IllegalArgumentException if user or attributes are more than a session may have
     */
    public Session create(String user, Map<String, String> attributes) {
        return await(createAsync(user, attributes));
    }

    /** Does what {@link #create(String, Map)} does without blocking. */
    public CompletableFuture<Session> createAsync(String user, Map<String, String> attributes) {
        checkOwner(user);
        Attributes.check(attributes);
        CompletableFuture<Session> created = sessions.create(SessionId.random(), user, attributes);
        return held(user.equals(Session.NOBODY) ? created : created.thenCompose(revocation::list));
    }

    /** Returns the session whose id is {@code id}, and counts as a use of it; nothing if there is none. */
    public Optional<Session> get(String id) {
        return await(getAsync(id));
    }

    /** Does what {@link #get} does without blocking. */
    public CompletableFuture<Optional<Session>> getAsync(String id) {
        return known(id, Optional.empty(), known -> use(known, Change.NONE));
    }

    /** Counts as a use of the session without reading it; returns whether there is one. */
    public boolean touch(String id) {
        return await(touchAsync(id));
    }

    /** Does what {@link #touch} does without blocking. */
    public CompletableFuture<Boolean> touchAsync(String id) {
        return known(id, false, known -> sessions.put(known, Change.NONE));
    }

    /**
     * Sets {@code changes} and leaves the other attributes as they are, so that two requests at once that change different
     * attributes both do. Returns the session, or nothing if there is none: one that has ended stays so.
     */
    public Optional<Session> merge(String id, Map<String, String> changes) {
        return await(mergeAsync(id, changes));
    }

    /** Does what {@link #merge(String, Map)} does without blocking. */
    public CompletableFuture<Optional<Session>> mergeAsync(String id, Map<String, String> changes) {
        return mergeAsync(id, changes, List.of());
    }

    /** Does what {@link #merge(String, Map)} does, and removes the attributes {@code removals}, in one step. */
    public Optional<Session> merge(String id, Map<String, String> changes, Collection<String> removals) {
        return await(mergeAsync(id, changes, removals));
    }

    /** Does what {@link #merge(String, Map, Collection)} does without blocking. */
    public CompletableFuture<Optional<Session>> mergeAsync(
            String id, Map<String, String> changes, Collection<String> removals) {
        Change change = Change.merge(changes, removals);
        return known(id, Optional.empty(), known -> use(known, change));
    }

    /**
     * Does what {@link #merge(String, Map, Collection)} does without reading the session, which is half the work; returns whether
     * there is one.
     */
    public boolean put(String id, Map<String, String> changes, Collection<String> removals) {
        return await(putAsync(id, changes, removals));
    }

    /** Does what {@link #put} does without blocking. */
    public CompletableFuture<Boolean> putAsync(String id, Map<String, String> changes, Collection<String> removals) {
        Change change = Change.merge(changes, removals);
        return known(id, false, known -> sessions.put(known, change));
    }

    /** Removes the attributes {@code names}; returns the session, or nothing if there is none. */
    public Optional<Session> remove(String id, Collection<String> names) {
        return await(removeAsync(id, names));
    }

    /** Does what {@link #remove} does without blocking. */
    public CompletableFuture<Optional<Session>> removeAsync(String id, Collection<String> names) {
        return mergeAsync(id, Map.of(), names);
    }

    /**
     * Gives the session the attributes of {@code session} and no others, if nobody has changed it since {@code session} was
     * read. Two savers of one version cannot both succeed.
     */
    public SaveResult save(Session session) {
        return await(saveAsync(session));
    }

    /** Does what {@link #save} does without blocking. */
    public CompletableFuture<SaveResult> saveAsync(Session session) {
        return held(sessions.use(session.id(), Change.save(session)));
    }

    /**
     * Moves the session to a new id and returns it; nothing if there is none. To be done whenever somebody's rights change,
     * so that an id that was planted or seen before is worth nothing.
     *
     * <p>When it returns, the old id is dead. Of two rotations of one id, one gets the session. On a server that holds all keys
     * it is one step; on a cluster it takes four more round trips, and if it breaks off, the old id is as it was or no id is
     * known to anybody. After a failure with unknown outcome the old id may be alive or dead; there is no other.
     */
    public Optional<Session> rotate(String id) {
        return await(rotateAsync(id));
    }

    /** Does what {@link #rotate(String)} does without blocking. */
    public CompletableFuture<Optional<Session>> rotateAsync(String id) {
        return known(id, Optional.empty(), known -> rotation.rotate(known, null));
    }

    /** Does what {@link #rotate(String)} does, and makes it a session of {@code user}, or of {@link Session#NOBODY}. */
    public Optional<Session> rotate(String id, String user) {
        return await(rotateAsync(id, user));
    }

    /** Does what {@link #rotate(String, String)} does without blocking. */
    public CompletableFuture<Optional<Session>> rotateAsync(String id, String user) {
        checkOwner(user);
        return known(id, Optional.empty(), known -> rotation.rotate(known, user));
    }

    /** Ends the session; returns whether there was one. */
    public boolean delete(String id) {
        return await(deleteAsync(id));
    }

    /** Does what {@link #delete} does without blocking. */
    public CompletableFuture<Boolean> deleteAsync(String id) {
        return known(
                id,
                false,
                known -> sessions.delete(known)
                        .thenCompose(ended -> ended.map(revocation::unlist)
                                .orElseGet(() -> CompletableFuture.completedFuture(false))));
    }

    /**
     * Ends every session of {@code user} that was created before, also one that is being rotated; returns how many.
     *
     * <p>A login that is under way counts as created when its {@link #create} returns. If this fails, some may have ended and
     * some not: repeating it ends the rest.
     */
    public long deleteAllOf(String user) {
        return await(deleteAllOfAsync(user));
    }

    /** Does what {@link #deleteAllOf} does without blocking. */
    public CompletableFuture<Long> deleteAllOfAsync(String user) {
        Attributes.checkUser(user);
        return held(revocation.deleteAllOf(user));
    }

    /** Returns the sessions of {@code user}, the last used first, without using them and without anything that opens one. */
    public List<ActiveSession> sessionsOf(String user) {
        return await(sessionsOfAsync(user));
    }

    /** Does what {@link #sessionsOf} does without blocking. */
    public CompletableFuture<List<ActiveSession>> sessionsOfAsync(String user) {
        Attributes.checkUser(user);
        return held(revocation.sessionsOf(user));
    }

    private CompletableFuture<Optional<Session>> use(SessionId id, Change change) {
        return sessions.use(id, change)
                .thenApply(result ->
                        result instanceof SaveResult.Saved saved ? Optional.of(saved.session()) : Optional.empty());
    }

    private <T> CompletableFuture<T> known(String id, T absent, Function<SessionId, CompletableFuture<T>> operation) {
        return held(SessionId.of(id).map(operation).orElseGet(() -> CompletableFuture.completedFuture(absent)));
    }

    private static void checkOwner(String user) {
        if (!user.equals(Session.NOBODY)) {
            Attributes.checkUser(user);
        }
    }

    private <T> CompletableFuture<T> held(CompletableFuture<T> future) {
        return redis.scheduler().toCaller(future);
    }

    private <T> T await(CompletableFuture<T> future) {
        return redis.await("session", future);
    }
}
