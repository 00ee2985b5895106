package dev.forge.redis.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The list of each user's sessions, by the digests of their ids.
 *
 * <p>On a cluster a list and its sessions are in different slots, so they cannot change atomically. The order of the
 * steps makes up for it. A session is written before it is listed, and listed before any client learns its id: a
 * revocation of the list reaches every session that a client can use. A revoked entry stays, marked, until its session
 * is deleted. So a revocation that was interrupted can be repeated, and meanwhile no session of the list can move to
 * another id.
 */
final class UserSessions {

    /** How much the clocks of two servers may differ before a list drops an existing session. */
    static final Duration SLACK = Duration.ofMinutes(1);

    /** How many sessions one script revokes, which other clients of the server wait for. */
    static final int MOST_REVOKED = 1_000;

    private static final LuaScript LIST = LuaScript.beside(UserSessions.class, "prelude.lua", "list.lua");
    private static final LuaScript LISTED = LuaScript.beside(UserSessions.class, "prelude.lua", "listed.lua");
    private static final LuaScript UNLIST = LuaScript.beside(UserSessions.class, "unlist.lua");

    private final RedisCore redis;
    private final SessionSettings settings;

    UserSessions(RedisCore redis, SessionSettings settings) {
        this.redis = redis;
        this.settings = settings;
    }

    /** Returns the key of the list. No session has such a key, because a digest holds no colon. */
    String key(String user) {
        return settings.keyspace().key("user:" + SessionId.digest(user.getBytes(UTF_8)));
    }

    /** Adds a session to the list; returns the size of the list. */
    CompletableFuture<Long> add(Session session) {
        return add(session, "").thenApply(Optional::orElseThrow);
    }

    /** Adds {@code session} to the list if {@code other} is listed and not revoked; returns whether it was added. */
    CompletableFuture<Boolean> addIfListed(Session session, SessionId other) {
        return add(session, other.digest()).thenApply(Optional::isPresent);
    }

    /** Returns whether {@code id} is in the list and not revoked. */
    CompletableFuture<Boolean> isListed(String user, SessionId id) {
        return list(user).thenApply(digests -> digests.contains(id.digest()));
    }

    private CompletableFuture<Optional<Long>> add(Session session, String required) {
        Instant forget = session.expiresAt().plus(SLACK);
        List<byte[]> args = List.of(
                LuaScript.argument(session.id().digest()),
                LuaScript.argument(forget.toEpochMilli()),
                LuaScript.argument(required));
        return redis.eval(LIST, List.of(key(session.user())), args)
                .thenApply(reply -> reply.isNothing() ? Optional.empty() : Optional.of(reply.asLong()));
    }

    /** Returns the digests of the sessions that have not been revoked; some may have ended. */
    CompletableFuture<List<String>> list(String user) {
        return listed(user, 0).thenApply(UserSessions::digests);
    }

    /**
     * Revokes all sessions; returns their digests, including those revoked earlier but not deleted.
     *
     * <p>Many of them are revoked in several steps, until a step finds no more: one that moved to another id in between is in
     * the list under that id, because no revoked session can move.
     */
    CompletableFuture<List<String>> revoke(String user) {
        return listed(user, MOST_REVOKED)
                .thenCompose(
                        reply -> reply.isNothing() ? revoke(user) : CompletableFuture.completedFuture(digests(reply)));
    }

    /** @param revoked how many sessions to revoke at most */
    private CompletableFuture<ScriptReply> listed(String user, int revoked) {
        return redis.eval(LISTED, List.of(key(user)), List.of(LuaScript.argument(revoked)));
    }

    private static List<String> digests(ScriptReply reply) {
        return reply.asList().stream().map(ScriptReply::asText).toList();
    }

    /** Removes sessions that have ended from the list. */
    CompletableFuture<Void> remove(String user, Collection<String> digests) {
        if (digests.isEmpty() || user.equals(Session.ANONYMOUS)) {
            return CompletableFuture.completedFuture(null);
        }
        List<byte[]> args = digests.stream().map(LuaScript::argument).toList();
        return redis.eval(UNLIST, List.of(key(user)), args).thenAccept(reply -> {});
    }
}
