package dev.forge.redis.session;

/** What became of a session that was to be saved as a whole. */
public sealed interface SaveResult {

    /** It is saved as {@code session}. */
    record Saved(Session session) implements SaveResult {}

    /** Somebody has changed it since it was read: it is still {@code current}, and nothing was saved. */
    record Stale(Session current) implements SaveResult {}

    /** It has ended, and stays so. */
    record Ended() implements SaveResult {}
}
