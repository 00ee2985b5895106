package dev.forge.redis.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Operations on all sessions of a user, and the upkeep of their list. */
final class Revocation {

    /** How many sessions are read or deleted at once. */
    private static final int PART = 200;

    /** The shortest list from which ended sessions are removed. */
    private static final int SWEPT = 16;

    private final StoredSessions sessions;
    private final UserSessions lists;

    Revocation(StoredSessions sessions, UserSessions lists) {
        this.sessions = sessions;
        this.lists = lists;
    }

    /** Lists a new session, and removes ended sessions from the list whenever its size has doubled. */
    CompletableFuture<Session> list(Session session) {
        return lists.add(session).thenApply(count -> {
            grown(session.user(), count);
            return session;
        });
    }

    /** Removes ended sessions from the list of {@code user}, which has grown to {@code count}, if its size has doubled. */
    void grown(String user, long count) {
        if (count >= SWEPT && Long.bitCount(count) == 1) {
            // No call waits for it, and what it misses is removed the next time.
            var unused = sessionsOf(user);
        }
    }

    /** Deletes a session, and removes it from its list, or leaves that for later; returns whether there was one. */
    CompletableFuture<Boolean> delete(String digest) {
        return sessions.delete(digest)
                .thenCompose(ended -> ended.map(session ->
                                lists.remove(session.user(), List.of(digest)).handle((done, failure) -> true))
                        .orElseGet(() -> CompletableFuture.completedFuture(false)));
    }

    CompletableFuture<Long> deleteAllOf(String user) {
        return lists.revoke(user).thenCompose(digests -> delete(user, parts(digests), 0, 0));
    }

    private CompletableFuture<Long> delete(String user, List<List<String>> parts, int next, long sum) {
        if (next == parts.size()) {
            return CompletableFuture.completedFuture(sum);
        }
        List<String> part = parts.get(next);
        return sessions.deleteAll(part)
                .thenCompose(deleted ->
                        lists.remove(user, part).thenCompose(done -> delete(user, parts, next + 1, sum + deleted)));
    }

    /** Like {@link #viewsOf}, but reads only what their user may see. */
    CompletableFuture<List<ActiveSession>> sessionsOf(String user) {
        return each(user, sessions::look)
                .thenApply(found -> found.stream().map(ActiveSession::of).toList());
    }

    /** Reads all sessions of a user, most recently used first, and removes those that have ended from the list. */
    CompletableFuture<List<SessionView>> viewsOf(String user) {
        return each(user, sessions::view);
    }

    private CompletableFuture<List<SessionView>> each(
            String user, Function<String, CompletableFuture<Optional<SessionView>>> read) {
        return lists.list(user)
                .thenCompose(digests -> each(user, read, parts(digests), 0, new ArrayList<>()))
                .thenApply(found -> found.stream()
                        .sorted(Comparator.comparing(SessionView::lastSeenAt).reversed())
                        .toList());
    }

    private CompletableFuture<List<SessionView>> each(
            String user,
            Function<String, CompletableFuture<Optional<SessionView>>> read,
            List<List<String>> parts,
            int next,
            List<SessionView> found) {
        if (next == parts.size()) {
            return CompletableFuture.completedFuture(found);
        }
        List<String> part = parts.get(next);
        List<String> ended = new ArrayList<>();
        CompletableFuture<?> all = CompletableFuture.completedFuture(null);
        for (String digest : part) {
            all = all.thenCombine(read.apply(digest), (before, session) -> {
                session.filter(view -> view.user().equals(user)).ifPresentOrElse(found::add, () -> ended.add(digest));
                return before;
            });
        }
        return all.thenCompose(done -> lists.remove(user, ended).handle((removed, failure) -> found))
                .thenCompose(done -> each(user, read, parts, next + 1, found));
    }

    private static List<List<String>> parts(List<String> digests) {
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < digests.size(); from += PART) {
            parts.add(digests.subList(from, Math.min(digests.size(), from + PART)));
        }
        return parts;
    }
}
