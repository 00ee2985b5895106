package dev.forge.redis.observe;

import org.jspecify.annotations.Nullable;

/**
 * Notified of what a manager and its caches, limiters and sessions do; for meters and traces.
 *
 * <p>A manager has at most one: {@link dev.forge.redis.RedisManager#observe}. It is told no key, value, subject or session
 * id: every text that it gets is from a small set, or a name that the application has given to a cache or limiter.
 *
 * <p>The methods run on the thread that does the work, which may be an I/O thread. They must be quick, must not block, and
 * must be thread-safe. An exception that they throw is caught and has no other effect; the first one is logged.
 */
public interface RedisObserver {

    /**
     * A command is about to be sent, on the thread of its caller.
     *
     * @param operation the command in lower case, such as {@code get}; {@code evalsha} for a script
     * @return what to notify when it ends, which may be one object for all commands; null if its end does not matter
     */
    default @Nullable CommandEnd commandStarted(String operation) {
        return null;
    }

    /** Notified once, when a command ends. */
    @FunctionalInterface
    interface CommandEnd {
        /**
         * The command has ended. Its caller may have gone on already.
         *
         * @param nanos how long its caller waited, in nanoseconds, retries and redirects included
         */
        void ended(CommandOutcome outcome, long nanos);
    }

    /**
     * A loader of {@code cache} is about to run, on this thread.
     *
     * @return what to notify on this same thread when the loader has ended; null if its end does not matter
     */
    default @Nullable LoadEnd loadStarted(String cache) {
        return null;
    }

    /** Notified once, when a loader has ended. */
    @FunctionalInterface
    interface LoadEnd {
        /** The loader has ended, with {@code failure} unless that is null. */
        void ended(@Nullable Throwable failure);
    }

    /**
     * The limiter {@code name} has decided on a request.
     *
     * @param outcome {@code allowed}, {@code denied}, or {@code shadow_denied} by a limiter {@linkplain
     *     dev.forge.redis.ratelimit.RateLimiter#withShadowMode in shadow mode}
     * @param basis the name of the {@link dev.forge.redis.ratelimit.Decision.Basis} in lower case
     */
    default void rateLimited(String name, String outcome, String basis) {}

    /**
     * An operation on sessions has ended.
     *
     * @param operation the name of the method of {@link dev.forge.redis.session.SessionStore}, in lower case and with
     *     underscores, such as {@code get} or {@code delete_all_of}
     * @param outcome {@code ok}; {@code absent} if there was no such session; {@code stale} if another save was first;
     *     {@code failed}
     */
    default void sessionUsed(String operation, String outcome) {}
}
