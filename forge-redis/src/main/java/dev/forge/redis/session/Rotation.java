package dev.forge.redis.session;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.script.LuaScript;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Moves sessions to new ids.
 *
 * <p>On a single server one script does it. On a cluster the two ids are in different slots, so it takes five steps:
 *
 * <ol>
 *   <li>write the session under the new id, which no client knows yet;
 *   <li>list it, if the old one is listed and not revoked: from here on a revocation ends both, unless they are of two users;
 *   <li>delete the old one, which decides: only one of two rotations finds it, and none after a deletion;
 *   <li>if attributes were changed since the old one was read, write them again;
 *   <li>remove the old one from the list.
 * </ol>
 *
 * <p>If a process dies in between, the old session is as it was, or is gone and no client knows the new id. A copy
 * whose id no client knows expires by itself.
 */
final class Rotation {

    /** The next step on a cluster. */
    enum Step {
        WRITE,
        LIST,
        END_OLD,
        CATCH_UP,
        UNLIST_OLD
    }

    /** Lets a test intervene between two steps. */
    interface Pause {
        /** Completes when {@code step} may be done. */
        CompletableFuture<Void> before(Step step);

        /** Does not pause. */
        static CompletableFuture<Void> none() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static final LuaScript ROTATE = LuaScript.beside(Rotation.class, "prelude.lua", "rotate.lua");

    private final RedisCore redis;
    private final SessionSettings settings;
    private final StoredSessions sessions;
    private final UserSessions lists;
    private final Revocation revocation;
    private final Pause pause;

    Rotation(
            RedisCore redis,
            SessionSettings settings,
            StoredSessions sessions,
            UserSessions lists,
            Revocation revocation,
            Pause pause) {
        this.redis = redis;
        this.settings = settings;
        this.sessions = sessions;
        this.lists = lists;
        this.revocation = revocation;
        this.pause = pause;
    }

    /** Moves a session to a new id and to {@code user}, or keeps its user if that is null. */
    CompletableFuture<Optional<Session>> rotate(SessionId old, @Nullable String user) {
        return sessions.use(old, Change.NONE).thenCompose(result -> {
            if (!(result instanceof SaveResult.Saved found)) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            String owner = user == null ? found.session().user() : user;
            return redis.isCluster() ? inSteps(found.session(), owner) : atOnce(found.session(), owner);
        });
    }

    private CompletableFuture<Optional<Session>> atOnce(Session old, String user) {
        SessionId id = SessionId.random();
        List<String> keys = List.of(sessions.key(old.id()), sessions.key(id), lists.key(old.user()), lists.key(user));
        List<byte[]> args = List.of(
                LuaScript.argument(settings.idleTimeout().toMillis()),
                LuaScript.argument(old.id().digest()),
                LuaScript.argument(id.digest()),
                LuaScript.argument(user),
                LuaScript.argument(UserSessions.SLACK.toMillis()));
        return redis.eval(ROTATE, keys, args)
                .thenApply(reply -> reply.asBytes().flatMap(packed -> read(id, user, new MessagePackReader(packed))));
    }

    private Optional<Session> read(SessionId id, String user, MessagePackReader packed) {
        revocation.grown(user, Long.parseLong(packed.text()));
        return SessionReader.read(id, packed);
    }

    private CompletableFuture<Optional<Session>> inSteps(Session old, String user) {
        SessionId id = SessionId.random();
        return pause.before(Step.WRITE)
                .thenCompose(go -> sessions.copy(old, id, user))
                .thenCompose(copy -> copy.isEmpty() ? none() : listAndEnd(old, copy.get()))
                .thenCompose(moved -> moved.isEmpty()
                        ? undo(id, user).thenCompose(undone -> none())
                        : CompletableFuture.completedFuture(moved))
                .exceptionallyCompose(
                        failure -> undo(id, user).thenCompose(undone -> CompletableFuture.failedFuture(failure)));
    }

    private CompletableFuture<Optional<Session>> listAndEnd(Session old, Session copy) {
        return pause.before(Step.LIST)
                .thenCompose(go -> list(old, copy))
                .thenCompose(listed -> pause.before(Step.END_OLD).thenApply(go -> listed))
                // If it is no longer listed, it was revoked: deleting it here only completes that.
                .thenCompose(listed -> sessions.delete(old.id())
                        .thenCompose(last -> listed && last.isPresent() ? settle(old, last.get(), copy) : none()));
    }

    /** Lists {@code copy}; returns false if {@code old} was revoked, and a copy of it must not live. */
    private CompletableFuture<Boolean> list(Session old, Session copy) {
        if (old.isAnonymous()) {
            return listNew(copy);
        }
        return old.user().equals(copy.user())
                ? lists.addIfListed(copy, old.id())
                : lists.isListed(old.user(), old.id())
                        .thenCompose(listed -> listed ? listNew(copy) : CompletableFuture.completedFuture(false));
    }

    private CompletableFuture<Boolean> listNew(Session copy) {
        return copy.isAnonymous()
                ? CompletableFuture.completedFuture(true)
                : revocation.list(copy).thenApply(listed -> true);
    }

    private CompletableFuture<Optional<Session>> settle(Session old, Session last, Session copy) {
        CompletableFuture<Optional<Session>> settled = last.version() == old.version()
                ? CompletableFuture.completedFuture(Optional.of(copy))
                : pause.before(Step.CATCH_UP)
                        .thenCompose(go -> sessions.use(copy.id(), Change.replace(last.attributes())))
                        .thenApply(result -> result instanceof SaveResult.Saved saved
                                ? Optional.of(saved.session())
                                : Optional.empty());
        return settled.thenCompose(moved -> pause.before(Step.UNLIST_OLD)
                .thenCompose(go -> lists.remove(old.user(), List.of(old.id().digest())))
                // An entry that stays in the list is removed later.
                .handle((done, failure) -> moved));
    }

    /** Deletes the copy, whose id no client will learn. */
    private CompletableFuture<Void> undo(SessionId id, String user) {
        return sessions.delete(id)
                .thenCompose(ended -> lists.remove(user, List.of(id.digest())))
                .exceptionally(failure -> null);
    }

    private static CompletableFuture<Optional<Session>> none() {
        return CompletableFuture.completedFuture(Optional.empty());
    }
}
