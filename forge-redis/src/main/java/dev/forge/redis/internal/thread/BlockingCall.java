package dev.forge.redis.internal.thread;

import java.util.function.Supplier;

/**
 * Marks that the current thread will wait for the first call that it makes next, and for nothing else meanwhile. That
 * call may block at once: see {@link dev.forge.redis.internal.connection.DirectConnections DirectConnections}.
 */
public final class BlockingCall {

    private static final ThreadLocal<BlockingCall> OF_THIS_THREAD = ThreadLocal.withInitial(BlockingCall::new);

    private boolean next;

    private BlockingCall() {}

    /** Starts {@code operation}, of which this thread waits for the first call. */
    public static <T> T first(Supplier<T> operation) {
        BlockingCall mark = OF_THIS_THREAD.get();
        mark.next = true;
        try {
            return operation.get();
        } finally {
            mark.next = false;
        }
    }

    /** Makes the next call an ordinary one: it shares a round trip with others, so this thread does not wait for it alone. */
    public static void sideBySide() {
        OF_THIS_THREAD.get().next = false;
    }

    /** Returns whether this thread waits for the call that it makes now; true once. */
    public static boolean take() {
        BlockingCall mark = OF_THIS_THREAD.get();
        boolean taken = mark.next;
        mark.next = false;
        return taken;
    }
}
