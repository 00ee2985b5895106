package dev.forge.redis.cache;

import dev.forge.redis.RedisFailure;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes keys of a cache: what is kept of them in memory is forgotten before and after, and what Redis has not acknowledged is
 * remembered.
 */
record Changing(Unsent unsent) {

    /** Runs {@code change} of {@code redisKeys}; one that fails becomes their invalidation, to be sent later. */
    <T> CompletableFuture<T> run(Collection<String> redisKeys, Runnable forget, Supplier<CompletableFuture<T>> change) {
        forget.run();
        return change.get().whenComplete((done, failure) -> {
            forget.run();
            if (isOfRedis(failure)) {
                unsent.add(redisKeys);
            }
        });
    }

    /** Runs {@code change}, which may concern any key; one that fails is sent again later. */
    <T> CompletableFuture<T> runOther(String name, Runnable forget, Supplier<CompletableFuture<T>> change) {
        forget.run();
        return change.get().whenComplete((done, failure) -> {
            forget.run();
            if (isOfRedis(failure)) {
                unsent.addOther(name, change::get);
            }
        });
    }

    private static boolean isOfRedis(@Nullable Throwable failure) {
        return failure != null && RedisFailure.in(failure).isPresent();
    }
}
