package dev.forge.redis.internal.protocol;

import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.observe.ObserverSlot;
import dev.forge.redis.observe.CommandOutcome;
import dev.forge.redis.observe.RedisObserver.CommandEnd;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A call whose end an observer is notified of, once, after its caller has been released.
 *
 * <p>A class of its own, so that a call that is not observed has no field for it and makes no check.
 */
final class ObservedCall<T> extends Call<T> {

    @SuppressWarnings("rawtypes") // an updater cannot name the type parameters
    private static final AtomicReferenceFieldUpdater<ObservedCall, @Nullable CommandEnd> END =
            AtomicReferenceFieldUpdater.newUpdater(ObservedCall.class, CommandEnd.class, "end");

    private final ObserverSlot observers;
    private volatile @Nullable CommandEnd end;

    ObservedCall(
            Command command,
            byte[][] arguments,
            byte @Nullable [] key,
            Reply<T> reply,
            CallOwner owner,
            long startedAt,
            ObserverSlot observers) {
        super(command, arguments, key, reply, owner, startedAt);
        this.observers = observers;
        this.end = observers.commandStarted(command.operation());
    }

    @Override
    public boolean complete(T value) {
        long now = System.nanoTime();
        boolean isOutcome = super.complete(value);
        if (isOutcome) {
            ended(answered(value), now);
        }
        return isOutcome;
    }

    @Override
    boolean fail(Throwable failure) {
        long now = System.nanoTime();
        boolean isOutcome = super.fail(failure);
        if (isOutcome) {
            ended(failed(failure), now);
        }
        return isOutcome;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        long now = System.nanoTime();
        boolean isCancelled = super.cancel(mayInterruptIfRunning);
        if (isCancelled) {
            ended(CommandOutcome.CANCELLED, now);
        }
        return isCancelled;
    }

    private void ended(CommandOutcome outcome, long now) {
        CommandEnd mine = end;
        // Not each time that a call is cancelled: every cancellation reports success.
        if (mine != null && END.compareAndSet(this, mine, null)) {
            observers.commandEnded(mine, outcome, now - startedAt());
        }
    }

    private CommandOutcome answered(T value) {
        if (command() != Command.GET || !(value instanceof Optional<?> found)) {
            return CommandOutcome.SUCCESS;
        }
        return found.isPresent() ? CommandOutcome.HIT : CommandOutcome.MISS;
    }

    private static CommandOutcome failed(Throwable failure) {
        if (failure instanceof RedisRefusedException) {
            return CommandOutcome.REFUSED;
        }
        if (failure instanceof RedisUnavailableException) {
            return CommandOutcome.UNAVAILABLE;
        }
        if (failure instanceof RedisOutcomeUnknownException) {
            return CommandOutcome.UNKNOWN;
        }
        return failure instanceof CancellationException || failure instanceof RedisInterruptedException
                ? CommandOutcome.CANCELLED
                : CommandOutcome.FAILED;
    }
}
