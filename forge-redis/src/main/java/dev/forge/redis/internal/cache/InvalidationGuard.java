package dev.forge.redis.internal.cache;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.command.BulkWindow;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs changes of keys: removes their near copies before and after, and remembers changes that Redis has not
 * acknowledged.
 *
 * <p>After a failed change, its keys are first remembered and then removed from the near cache. A value that another
 * thread reads and keeps in between is removed, and one that it reads after both is not kept.
 */
public record InvalidationGuard(PendingInvalidations pending) {

    /**
     * Runs {@code change} of {@code redisKeys}; if it fails, their invalidation is sent later. A change that was
     * refused because too many commands are in flight has changed nothing and its caller is notified, so it needs no
     * invalidation.
     */
    public <T> CompletableFuture<T> run(
            Collection<String> redisKeys, Runnable forget, Supplier<CompletableFuture<T>> change) {
        return run(forget, change, backPressure -> {
            if (!backPressure) {
                pending.add(redisKeys);
            }
        });
    }

    /** Runs {@code change}, which removes {@code redisKeys}; if it fails, it is sent again later. */
    public <T> CompletableFuture<T> invalidate(
            Collection<String> redisKeys, Runnable forget, Supplier<CompletableFuture<T>> change) {
        return run(forget, change, backPressure -> {
            if (backPressure) {
                pending.addWhatFits(redisKeys);
            } else {
                pending.add(redisKeys);
            }
        });
    }

    /** Runs {@code change}, which may affect any key; if it fails, it is sent again later. */
    public <T> CompletableFuture<T> runOther(String name, Runnable forget, Supplier<CompletableFuture<T>> change) {
        return run(forget, change, backPressure -> {
            if (backPressure) {
                pending.addOtherIfItFits(name, change::get);
            } else {
                pending.addOther(name, change::get);
            }
        });
    }

    /** @param failed is called after a failure of Redis, with true if too many commands were in flight */
    private static <T> CompletableFuture<T> run(
            Runnable forget, Supplier<CompletableFuture<T>> change, Consumer<Boolean> failed) {
        forget.run();
        return change.get().whenComplete((done, failure) -> {
            if (failure != null && RedisFailure.in(failure).isPresent()) {
                failed.accept(BulkWindow.isBackPressure(failure));
            }
            forget.run();
        });
    }
}
