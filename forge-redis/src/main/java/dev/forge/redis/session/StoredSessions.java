package dev.forge.redis.session;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The sessions in Redis, each under its own key, and the atomic operations on one of them. */
final class StoredSessions {

    private static final LuaScript CREATE = LuaScript.beside(StoredSessions.class, "prelude.lua", "create.lua");
    private static final LuaScript USE = LuaScript.beside(StoredSessions.class, "prelude.lua", "use.lua");
    private static final LuaScript PUT = LuaScript.beside(StoredSessions.class, "prelude.lua", "put.lua");
    private static final LuaScript LOOK = LuaScript.beside(StoredSessions.class, "prelude.lua", "look.lua");
    private static final LuaScript DELETE = LuaScript.beside(StoredSessions.class, "prelude.lua", "delete.lua");
    private static final LuaScript VIEW = LuaScript.beside(StoredSessions.class, "prelude.lua", "view.lua");

    private static final List<byte[]> DEVICE = List.of(LuaScript.argument(SessionStore.DEVICE));

    /** A recorded use is never so old, in milliseconds, that it has to be written again. */
    private static final byte[] NEVER_OLD = LuaScript.argument(Long.MAX_VALUE);

    /** The precision of the idle timeout: more frequent uses are not written. */
    private static final Duration PRECISION = Duration.ofSeconds(1);

    private final RedisCore redis;
    private final SessionSettings settings;
    private final List<byte[]> timeouts;

    StoredSessions(RedisCore redis, SessionSettings settings) {
        this.redis = redis;
        this.settings = settings;
        this.timeouts = List.of(
                LuaScript.argument(settings.idleTimeout().toMillis()), LuaScript.argument(PRECISION.toMillis()));
    }

    String key(SessionId id) {
        return key(id.digest());
    }

    private String key(String digest) {
        return settings.keyspace().key(digest);
    }

    /** Writes a new session. */
    CompletableFuture<Session> create(SessionId id, String user, Map<String, String> attributes) {
        return write(id, 0, 0, user, attributes).thenApply(reply -> {
            if (reply.isNothing()) {
                throw new IllegalStateException("a random session id is in use already: the random numbers are broken");
            }
            Instant now = Instant.ofEpochMilli(reply.asLong());
            return new Session(id, user, attributes, now, now, now.plus(settings.absoluteTimeout()), 1);
        });
    }

    /** Copies {@code session} to another id; returns nothing if it has ended. */
    CompletableFuture<Optional<Session>> copy(Session session, SessionId id, String user) {
        long created = session.createdAt().toEpochMilli();
        long ends = session.expiresAt().toEpochMilli();
        return write(id, created, ends, user, session.attributes())
                .thenApply(reply -> reply.isNothing()
                        ? Optional.empty()
                        : Optional.of(new Session(
                                id,
                                user,
                                session.attributes(),
                                session.createdAt(),
                                Instant.ofEpochMilli(reply.asLong()),
                                session.expiresAt(),
                                1)));
    }

    private CompletableFuture<ScriptReply> write(
            SessionId id, long created, long ends, String user, Map<String, String> attributes) {
        List<byte[]> args = new ArrayList<>(5 + 2 * attributes.size());
        args.add(LuaScript.argument(settings.idleTimeout().toMillis()));
        args.add(LuaScript.argument(settings.absoluteTimeout().toMillis()));
        args.add(LuaScript.argument(created));
        args.add(LuaScript.argument(ends));
        args.add(LuaScript.argument(user));
        attributes.forEach((name, value) -> {
            args.add(LuaScript.argument(name));
            args.add(LuaScript.argument(value));
        });
        return redis.eval(CREATE, List.of(key(id)), args);
    }

    /** Reads a session and changes it, if it has not ended. */
    CompletableFuture<SaveResult> use(SessionId id, Change change) {
        return readable(
                redis.eval(USE, List.of(key(id)), change.arguments(timeouts, settings.maxBytes()))
                        .thenApply(reply -> used(id, reply)),
                ENDED);
    }

    /** Changes a session, or only records its use, without reading it; returns whether there is one. */
    CompletableFuture<Boolean> put(SessionId id, Change change) {
        return put(key(id), change.arguments(timeouts, settings.maxBytes()));
    }

    /** Changes a session, which does not count as a use of it; returns whether there is one. */
    CompletableFuture<Boolean> putUnused(String digest, Change change) {
        return put(key(digest), change.arguments(List.of(timeouts.get(0), NEVER_OLD), settings.maxBytes()));
    }

    private CompletableFuture<Boolean> put(String key, List<byte[]> args) {
        return readable(
                redis.eval(PUT, List.of(key), args)
                        .thenApply(reply -> !checked(reply).isNothing()),
                false);
    }

    /** Deletes a session; returns its last state, if there was one. */
    CompletableFuture<Optional<Session>> delete(SessionId id) {
        return readable(
                redis.eval(DELETE, List.of(key(id)), List.of()).thenApply(reply -> SessionReader.read(id, reply)),
                Optional.empty());
    }

    /** Deletes the session with {@code digest}; returns its last state, if there was one. */
    CompletableFuture<Optional<SessionView>> delete(String digest) {
        return view(DELETE, digest, List.of());
    }

    /** Reads the session with {@code digest}, which does not count as a use of it. */
    CompletableFuture<Optional<SessionView>> view(String digest) {
        return view(VIEW, digest, List.of());
    }

    /** Like {@link #view}, but reads no attribute except {@value SessionStore#DEVICE}. */
    CompletableFuture<Optional<SessionView>> look(String digest) {
        return view(LOOK, digest, DEVICE);
    }

    private CompletableFuture<Optional<SessionView>> view(LuaScript script, String digest, List<byte[]> args) {
        return readable(
                redis.eval(script, List.of(key(digest)), args).thenApply(reply -> SessionReader.view(digest, reply)),
                Optional.empty());
    }

    /** Deletes the sessions with {@code digests}; returns how many there were. */
    CompletableFuture<Long> deleteAll(Collection<String> digests) {
        return redis.delete(digests.stream().map(this::key).toList());
    }

    private static final SaveResult ENDED = new SaveResult.Ended();

    private SaveResult used(SessionId id, ScriptReply reply) {
        if (checked(reply).isNothing()) {
            return ENDED;
        }
        MessagePackReader packed = new MessagePackReader(reply.asBytes().orElseThrow());
        boolean current = packed.number() == 0;
        return SessionReader.read(id, packed)
                .<SaveResult>map(session -> current ? new SaveResult.Saved(session) : new SaveResult.Stale(session))
                .orElse(ENDED);
    }

    /** Returns {@code reply}, unless it says that the attributes would exceed the limits. */
    private ScriptReply checked(ScriptReply reply) {
        if (reply.isList()) {
            throw Attributes.tooMuch(reply.longAt(0), reply.longAt(1), settings.maxBytes());
        }
        return reply;
    }

    /** Treats a key that holds another type of value as no session. */
    private static <T> CompletableFuture<T> readable(CompletableFuture<T> answer, T absent) {
        return answer.exceptionally(thrown -> {
            if (RedisFailure.in(thrown).orElse(null) instanceof RedisRefusedException refused
                    && refused.reason() == RefusalReason.WRONGTYPE) {
                return absent;
            }
            throw new CompletionException(thrown);
        });
    }
}
