package dev.forge.redis.internal.thread;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** A virtual thread that waits for a future; when its wait is over, it wakes those that a {@link WakeBatch} gave it. */
final class VirtualWaiter extends WaitingThread {

    private static final AtomicReferenceFieldUpdater<VirtualWaiter, @Nullable VirtualWaiter> FOLLOWERS =
            AtomicReferenceFieldUpdater.newUpdater(VirtualWaiter.class, VirtualWaiter.class, "followers");

    /** The first of those that it has to wake, or null for none; itself once its wait is over. */
    @SuppressWarnings("UnusedVariable") // used by the updater
    private volatile @Nullable VirtualWaiter followers;

    /** The next one of the same batch. */
    @Nullable
    VirtualWaiter nextToWake;

    VirtualWaiter(Future<?> future, long endsAt) {
        super(future, endsAt);
    }

    @Override
    void wake() {
        WakeBatch batch = IoThread.wakeBatch();
        if (batch == null) {
            unpark();
        } else {
            batch.add(this);
        }
    }

    /** Makes this thread wake {@code first} and those linked from it; returns false if its wait is over. */
    boolean handOver(VirtualWaiter first) {
        return FOLLOWERS.compareAndSet(this, null, first);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // itself is the mark
    void ended() {
        VirtualWaiter first = FOLLOWERS.getAndSet(this, this);
        for (VirtualWaiter each = first == this ? null : first; each != null; each = each.nextToWake) {
            each.unpark();
        }
    }
}
