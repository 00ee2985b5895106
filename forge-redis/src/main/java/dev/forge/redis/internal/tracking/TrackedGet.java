package dev.forge.redis.internal.tracking;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.command.CommandDispatcher;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallOwner;

/** Follows a GET on a tracked connection, and notes if another connection answers it. */
final class TrackedGet implements CallOwner {

    private final CommandDispatcher dispatcher;
    private final TrackingEpoch epoch;

    private volatile boolean elsewhere;

    TrackedGet(CommandDispatcher dispatcher, TrackingEpoch epoch) {
        this.dispatcher = dispatcher;
        this.epoch = epoch;
    }

    /** Returns whether another connection, without tracking, answers. */
    boolean isElsewhere() {
        return elsewhere;
    }

    /** Notes that the GET is sent on another connection. */
    void leave() {
        elsewhere = true;
    }

    @Override
    public String address() {
        return dispatcher.address();
    }

    @Override
    public boolean sentElsewhere(Call<?> call, RefusalReason reason, String error) {
        elsewhere = true;
        if (reason == RefusalReason.MOVED || reason == RefusalReason.READONLY) {
            // Other keys may have moved as well, without an invalidation.
            epoch.end();
        }
        return dispatcher.sentElsewhere(call, reason, error);
    }

    @Override
    public boolean sentAgain(Call<?> call, boolean hasNotRun) {
        elsewhere = true;
        return dispatcher.sentAgain(call, hasNotRun);
    }
}
