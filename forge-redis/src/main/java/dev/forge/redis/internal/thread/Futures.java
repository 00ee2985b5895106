package dev.forge.redis.internal.thread;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Unwraps the failures of futures. */
public final class Futures {

    private Futures() {}

    /** Returns the cause of {@code thrown} if that is a wrapper added by futures, else {@code thrown}. */
    public static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
