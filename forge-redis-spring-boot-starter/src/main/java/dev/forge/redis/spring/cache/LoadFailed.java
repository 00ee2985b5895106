package dev.forge.redis.spring.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Carries what a caller's loader threw through the cache, so that it can be told from a failure of the cache. */
final class LoadFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    private LoadFailed(Throwable cause) {
        super(null, cause, false, false);
    }

    /** Calls {@code loader}. */
    static @Nullable Object called(Callable<?> loader) {
        try {
            return loader.call();
        } catch (Throwable failure) {
            throw new LoadFailed(failure);
        }
    }

    /** Begins {@code loader}; its future fails with this too. */
    static CompletableFuture<@Nullable Object> begun(Supplier<? extends CompletableFuture<?>> loader) {
        CompletableFuture<?> future;
        try {
            future = loader.get();
        } catch (RuntimeException failure) {
            throw new LoadFailed(failure);
        }
        return future.<@Nullable Object>handle((value, failure) -> {
            if (failure != null) {
                throw new LoadFailed(unwrapped(failure));
            }
            return value;
        });
    }

    /** Returns what a look-up failed with, without this around it. */
    static Throwable reason(Throwable failure) {
        Throwable cause = unwrapped(failure);
        return cause instanceof LoadFailed && cause.getCause() != null ? cause.getCause() : cause;
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
