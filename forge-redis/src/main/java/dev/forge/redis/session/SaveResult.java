package dev.forge.redis.session;

/** The result of saving a session as a whole. */
public sealed interface SaveResult {

    /** The session was saved, and is now {@code session}. */
    record Saved(Session session) implements SaveResult {}

    /** The session has changed since it was read: it is now {@code current}, and nothing was saved. */
    record Stale(Session current) implements SaveResult {}

    /** The session has ended, and is not revived. */
    record Ended() implements SaveResult {}
}
