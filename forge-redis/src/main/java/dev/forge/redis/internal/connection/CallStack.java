package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.protocol.Call;
import io.lettuce.core.protocol.RedisCommand;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Calls that any thread adds and one takes, all at once: a stack without locks (R. K. Treiber, 1986), reversed once.
 *
 * <p>The list runs through the calls themselves, so a call may be in one of these at a time.
 */
final class CallStack {

    private final AtomicReference<@Nullable Call<?>> last = new AtomicReference<>();

    /** Adds {@code call}; returns whether there was none before. */
    boolean push(Call<?> call) {
        Call<?> previous;
        do {
            previous = last.get();
            call.nextToSend = previous;
        } while (!last.compareAndSet(previous, call));
        return previous == null;
    }

    boolean isEmpty() {
        return last.get() == null;
    }

    /** Takes all calls; returns the one that was added first, which leads to the others, or null if there is none. */
    @Nullable
    Call<?> takeAll() {
        Call<?> first = null;
        for (Call<?> call = last.getAndSet(null); call != null; ) {
            Call<?> before = call.nextToSend;
            call.nextToSend = first;
            first = call;
            call = before;
        }
        return first;
    }

    /**
     * Fails those that were sent and await an answer.
     *
     * @param cutOff why the server has read none of them, or null if it may have
     */
    static void failUnanswered(@Nullable Queue<RedisCommand<?, ?, ?>> answers, @Nullable RedisFailure cutOff) {
        if (answers == null) {
            return;
        }
        IllegalStateException gone = gone();
        for (RedisCommand<?, ?, ?> each = answers.poll(); each != null; each = answers.poll()) {
            if (each instanceof Call<?> call && cutOff != null) {
                call.cutOff(cutOff);
            } else if (each instanceof Call<?> call) {
                call.lost(gone);
            } else {
                each.completeExceptionally(gone);
            }
        }
    }

    /** Fails {@code first} and those that it leads to, which were not sent. */
    static void fail(@Nullable Call<?> first) {
        fail(first, null);
    }

    /** Does the same, where the server has said before that it reads no more. */
    static void fail(@Nullable Call<?> first, @Nullable RedisFailure cutOff) {
        if (first == null) {
            return;
        }
        IllegalStateException gone = gone();
        for (Call<?> call = first; call != null; ) {
            Call<?> next = call.nextToSend;
            call.nextToSend = null;
            if (cutOff != null) {
                call.cutOff(cutOff);
            } else {
                call.lost(gone);
            }
            call = next;
        }
    }

    private static IllegalStateException gone() {
        return new IllegalStateException("the connection was lost");
    }
}
