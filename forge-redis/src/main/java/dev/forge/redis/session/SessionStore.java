package dev.forge.redis.session;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.LuaScript;
import dev.forge.redis.RedisFailure;
import dev.forge.redis.RedisManager;
import dev.forge.redis.RedisRefusedException;
import dev.forge.redis.RefusalReason;
import dev.forge.redis.ScriptReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Sessions kept in Redis.
 *
 * <p>An id has 256 random bits, and Redis holds only its SHA-256. A session ends when it has not been used for the idle
 * timeout, at its absolute timeout however much it is used, or when it is deleted; nothing brings it back. Both limits are
 * kept by Redis, on its clock. Each operation is one round trip. A session that cannot be read is absent, never an error.
 *
 * <p>When Redis is unavailable every operation fails with a {@link dev.forge.redis.RedisFailure}: whether somebody is logged
 * in cannot be guessed.
 *
 * <p>Each operation has a blocking form and one that ends in {@code Async}.
 *
 * <p>Thread-safe.
 */
public final class SessionStore {

    private static final LuaScript CREATE = LuaScript.beside(SessionStore.class, "create.lua");
    private static final LuaScript USE = LuaScript.beside(SessionStore.class, "use.lua");

    /** The precision of the idle timeout: more frequent use is not written down. */
    private static final Duration PRECISION = Duration.ofSeconds(1);

    private final RedisManager redis;
    private final SessionSettings settings;

    private SessionStore(RedisManager redis, SessionSettings settings) {
        this.redis = requireNonNull(redis, "redis");
        this.settings = requireNonNull(settings, "settings");
    }

    /** Returns a store of sessions that last 24 hours. */
    public static SessionStore create(RedisManager redis) {
        return create(redis, SessionSettings.defaults());
    }

    /** Returns a store with {@code settings}. */
    public static SessionStore create(RedisManager redis, SessionSettings settings) {
        return new SessionStore(redis, settings);
    }

    /** Returns the settings. */
    public SessionSettings settings() {
        return settings;
    }

    /** Begins a session of {@code user}, with an id that nobody has ever had. */
    public Session create(String user, Map<String, String> attributes) {
        return await(createAsync(user, attributes));
    }

    /** Does what {@link #create(String, Map)} does without blocking. */
    public CompletableFuture<Session> createAsync(String user, Map<String, String> attributes) {
        Attributes.checkUser(user);
        Attributes.check(attributes);
        SessionId id = SessionId.random();
        List<byte[]> args = new ArrayList<>();
        args.add(LuaScript.argument(settings.idleTimeout().toMillis()));
        args.add(LuaScript.argument(settings.absoluteTimeout().toMillis()));
        args.add(LuaScript.argument(user));
        addAll(args, attributes);
        return redis.evalAsync(CREATE, keys(id), args).thenApply(reply -> {
            if (reply.isNothing()) {
                throw new IllegalStateException("a random session id was taken: the random numbers are broken");
            }
            Instant now = Instant.ofEpochMilli(reply.asLong());
            return new Session(id, user, attributes, now, now, now.plus(settings.absoluteTimeout()));
        });
    }

    /** Returns the session whose id is {@code id}, and counts as a use of it; nothing if there is none. */
    public Optional<Session> get(String id) {
        return await(getAsync(id));
    }

    /** Does what {@link #get} does without blocking. */
    public CompletableFuture<Optional<Session>> getAsync(String id) {
        return useAsync(id, Map.of(), List.of());
    }

    /**
     * Sets {@code changes} and leaves the other attributes as they are, so that two requests at once that change different
     * attributes both do. Returns the session, or nothing if there is none: one that has ended stays so.
     */
    public Optional<Session> merge(String id, Map<String, String> changes) {
        return await(mergeAsync(id, changes));
    }

    /** Does what {@link #merge} does without blocking. */
    public CompletableFuture<Optional<Session>> mergeAsync(String id, Map<String, String> changes) {
        return useAsync(id, changes, List.of());
    }

    /** Removes the attributes {@code names}; returns the session, or nothing if there is none. */
    public Optional<Session> remove(String id, Collection<String> names) {
        return await(removeAsync(id, names));
    }

    /** Does what {@link #remove} does without blocking. */
    public CompletableFuture<Optional<Session>> removeAsync(String id, Collection<String> names) {
        return useAsync(id, Map.of(), names);
    }

    /** Ends the session; returns whether there was one. */
    public boolean delete(String id) {
        return await(deleteAsync(id));
    }

    /** Does what {@link #delete} does without blocking. */
    public CompletableFuture<Boolean> deleteAsync(String id) {
        return SessionId.of(id)
                .map(known -> redis.deleteAsync(keys(known)).thenApply(removed -> removed > 0))
                .orElseGet(() -> CompletableFuture.completedFuture(false));
    }

    private CompletableFuture<Optional<Session>> useAsync(
            String id, Map<String, String> changes, Collection<String> removals) {
        Attributes.check(changes);
        Optional<SessionId> known = SessionId.of(id);
        if (known.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        List<byte[]> args = new ArrayList<>();
        args.add(LuaScript.argument(settings.idleTimeout().toMillis()));
        args.add(LuaScript.argument(PRECISION.toMillis()));
        args.add(LuaScript.argument(removals.size()));
        removals.forEach(name -> args.add(LuaScript.argument(name)));
        addAll(args, changes);
        return redis.evalAsync(USE, keys(known.get()), args)
                .thenApply(reply -> session(known.get(), reply))
                .exceptionally(SessionStore::unreadable);
    }

    private static Optional<Session> session(SessionId id, ScriptReply reply) {
        if (reply.isNothing()) {
            return Optional.empty();
        }
        List<ScriptReply> fields = reply.asList();
        Map<String, String> own = new HashMap<>();
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            String name = fields.get(i).asText();
            String value = fields.get(i + 1).asText();
            if (name.startsWith("a:")) {
                attributes.put(name.substring(2), value);
            } else {
                own.put(name, value);
            }
        }
        String user = own.get("user");
        if (user == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Session(id, user, attributes, time(own, "created"), time(own, "seen"), time(own, "ends")));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Instant time(Map<String, String> fields, String name) {
        return Instant.ofEpochMilli(Long.parseLong(fields.getOrDefault(name, "")));
    }

    /** A key that holds something else is no session. */
    private static Optional<Session> unreadable(Throwable thrown) {
        if (RedisFailure.in(thrown).orElse(null) instanceof RedisRefusedException refused
                && refused.reason() == RefusalReason.WRONGTYPE) {
            return Optional.empty();
        }
        throw new CompletionException(thrown);
    }

    private List<String> keys(SessionId id) {
        return List.of(settings.keyspace().hashedKey(id.value()));
    }

    private <T> T await(CompletableFuture<T> future) {
        return redis.await("session", future);
    }

    private static void addAll(List<byte[]> args, Map<String, String> attributes) {
        attributes.forEach((name, value) -> {
            args.add(LuaScript.argument(name));
            args.add(LuaScript.argument(value));
        });
    }
}
