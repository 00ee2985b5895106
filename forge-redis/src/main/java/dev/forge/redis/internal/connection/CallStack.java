package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.protocol.Call;
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
     * Fails {@code first} and the calls that it links to: those that were sent end as unknown, the others as never sent.
     *
     * @param cutOff why the server has read none of them, or null if it may have
     */
    static void fail(@Nullable Call<?> first, @Nullable RedisFailure cutOff) {
        IllegalStateException gone = first == null ? null : gone();
        for (Call<?> call = first; call != null && gone != null; ) {
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

    /** Fails them as never sent, although they had been claimed for that. */
    static void failUnsent(Call<?> first, @Nullable RedisFailure cutOff) {
        for (Call<?> call = first; call != null; call = call.nextToSend) {
            call.startOver();
        }
        fail(first, cutOff);
    }

    private static IllegalStateException gone() {
        return new IllegalStateException("the connection was lost");
    }
}
