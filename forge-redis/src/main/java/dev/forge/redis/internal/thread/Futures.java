package dev.forge.redis.internal.thread;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What futures do to failures. */
public final class Futures {

    private Futures() {}

    /** Returns what {@code thrown} wraps, where it is one of the wrappers of futures. */
    public static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
