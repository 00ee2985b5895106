package dev.forge.redis;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What futures do to failures. */
final class Futures {

    private Futures() {}

    /** Returns what {@code thrown} wraps, where it is one of the wrappers of futures. */
    static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
