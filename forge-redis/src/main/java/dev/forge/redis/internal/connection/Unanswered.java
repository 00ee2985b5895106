package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import org.jspecify.annotations.Nullable;

/**
 * The calls that were sent on one connection and await a reply, in order.
 *
 * <p>The writer adds a whole batch at once, before it writes it, and the reader takes all batches that are there: one
 * lock for many calls. The calls themselves are the links of the list.
 */
final class Unanswered {

    // Guarded by this.
    private @Nullable Call<?> addedFirst;
    private @Nullable Call<?> addedLast;
    private boolean closed;

    // Confined to the reader.
    private @Nullable Call<?> taken;

    /** Adds the calls from {@code first} to {@code last}, each linked to the next; false if it is closed. */
    synchronized boolean add(Call<?> first, Call<?> last) {
        if (closed) {
            return false;
        }
        if (addedLast == null) {
            addedFirst = first;
        } else {
            addedLast.nextToSend = first;
        }
        addedLast = last;
        return true;
    }

    /** Adds calls that will not be sent, so that they end with those that were; false if it is closed. */
    boolean addAll(Call<?> first) {
        return add(first, lastOf(first));
    }

    /** Returns the call whose reply is next, or null if none awaits one. */
    @Nullable
    Call<?> first() {
        if (taken == null) {
            taken = takeAdded(false);
        }
        return taken;
    }

    /** Removes the first call. */
    void removeFirst() {
        Call<?> call = taken;
        if (call != null) {
            taken = call.nextToSend;
            call.nextToSend = null;
        }
    }

    /** Takes no more calls; returns those that got no reply, the first of which links to the others, or null. */
    @Nullable
    Call<?> close() {
        Call<?> read = taken;
        Call<?> rest = takeAdded(true);
        taken = null;
        if (read == null) {
            return rest;
        }
        lastOf(read).nextToSend = rest;
        return read;
    }

    private static Call<?> lastOf(Call<?> first) {
        Call<?> last = first;
        for (Call<?> next = last.nextToSend; next != null; next = last.nextToSend) {
            last = next;
        }
        return last;
    }

    private synchronized @Nullable Call<?> takeAdded(boolean closing) {
        Call<?> first = addedFirst;
        addedFirst = null;
        addedLast = null;
        closed |= closing;
        return first;
    }
}
