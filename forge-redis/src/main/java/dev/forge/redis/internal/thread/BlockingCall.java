package dev.forge.redis.internal.thread;

import java.util.function.Supplier;

/**
 * Marks that the current thread will wait for the first call that it makes next, and for nothing else meanwhile. That
 * call may block at once: see {@link dev.forge.redis.internal.connection.DirectConnections DirectConnections}.
 */
public final class BlockingCall {

    // Whether this thread waits for its next call. Not an object of a class of ours: threads of a container outlive an
    // application, and would keep its class loader.
    private static final ThreadLocal<boolean[]> OF_THIS_THREAD = ThreadLocal.withInitial(() -> new boolean[1]);

    private BlockingCall() {}

    /** Starts {@code operation}; this thread waits for its first call. */
    public static <T> T first(Supplier<T> operation) {
        boolean[] mark = OF_THIS_THREAD.get();
        mark[0] = true;
        try {
            return operation.get();
        } finally {
            mark[0] = false;
        }
    }

    /** Makes the next call an ordinary one: it shares a round trip with others, so this thread does not wait for it alone. */
    public static void sideBySide() {
        OF_THIS_THREAD.get()[0] = false;
    }

    /** Returns whether this thread waits for the call that it makes now; true once. */
    public static boolean take() {
        boolean[] mark = OF_THIS_THREAD.get();
        boolean taken = mark[0];
        mark[0] = false;
        return taken;
    }
}
