package dev.forge.redis.internal.cache;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.command.BulkWindow;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes keys of a cache: what is kept of them in memory is forgotten before and after, and what Redis has not acknowledged is
 * remembered. It is remembered first: what another thread reads and keeps between the two is then forgotten, and what it reads
 * after both is not kept.
 */
public record InvalidationGuard(PendingInvalidations pending) {

    /**
     * Runs {@code change} of {@code redisKeys}; one that fails becomes their invalidation, to be sent later. One that was refused
     * because too many commands are under way has changed nothing, as its caller learns, and becomes none.
     */
    public <T> CompletableFuture<T> run(
            Collection<String> redisKeys, Runnable forget, Supplier<CompletableFuture<T>> change) {
        return run(forget, change, backPressure -> {
            if (!backPressure) {
                pending.add(redisKeys);
            }
        });
    }

    /** Runs {@code change}, which removes {@code redisKeys}; one that fails is sent again later. */
    public <T> CompletableFuture<T> invalidate(
            Collection<String> redisKeys, Runnable forget, Supplier<CompletableFuture<T>> change) {
        return run(forget, change, backPressure -> {
            if (backPressure) {
                pending.addWhatFits(redisKeys);
            } else {
                pending.add(redisKeys);
            }
            forget.run();
        });
    }

    /** Runs {@code change}, which may concern any key; one that fails is sent again later. */
    public <T> CompletableFuture<T> runOther(String name, Runnable forget, Supplier<CompletableFuture<T>> change) {
        return run(forget, change, backPressure -> {
            if (backPressure) {
                pending.addOtherIfItFits(name, change::get);
            } else {
                pending.addOther(name, change::get);
            }
        });
    }

    /** @param failed is told of a failure of Redis, and whether that was for want of room */
    private static <T> CompletableFuture<T> run(
            Runnable forget, Supplier<CompletableFuture<T>> change, Consumer<Boolean> failed) {
        forget.run();
        return change.get().whenComplete((done, failure) -> {
            if (isOfRedis(failure)) {
                failed.accept(BulkWindow.isBackPressure(failure));
            }
            forget.run();
        });
    }

    private static boolean isOfRedis(@Nullable Throwable failure) {
        return failure != null && RedisFailure.in(failure).isPresent();
    }
}
