package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.protocol.Call;
import io.lettuce.core.protocol.RedisCommand;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Calls that many threads add and one thread takes all at once.
 *
 * <p>A lock-free stack (R. K. Treiber, 1986), reversed once when it is taken.
 *
 * <p>The calls themselves are the links of the list, so a call may be in only one of these at a time.
 */
final class CallStack {

    private final AtomicReference<@Nullable Call<?>> last = new AtomicReference<>();

    /** Adds {@code call}; returns whether the stack was empty before. */
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

    /** Takes all calls; returns the one that was added first, which links to the others, or null if there is none. */
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
     * Fails the calls that were sent and await a reply.
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

    /** Fails {@code first} and the calls that it links to, none of which was sent. */
    static void fail(@Nullable Call<?> first) {
        fail(first, null);
    }

    /** Fails them likewise; {@code cutOff} is why the server reads no more, or null if it has not said so. */
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
