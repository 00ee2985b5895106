package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
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
}
