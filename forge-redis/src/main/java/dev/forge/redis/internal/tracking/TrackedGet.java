package dev.forge.redis.internal.tracking;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.command.CommandDispatcher;
import dev.forge.redis.internal.protocol.Call;

/** Follows a GET that was sent where changes are told, and notes when another connection answers it. */
final class TrackedGet implements Call.Owner {

    private final CommandDispatcher path;
    private final TrackingEpoch epoch;

    private volatile boolean elsewhere;

    TrackedGet(CommandDispatcher path, TrackingEpoch epoch) {
        this.path = path;
        this.epoch = epoch;
    }

    /** Returns whether the answer does not come from where changes are told. */
    boolean isElsewhere() {
        return elsewhere;
    }

    /** Takes note that it goes another way. */
    void leave() {
        elsewhere = true;
    }

    @Override
    public String address() {
        return path.address();
    }

    @Override
    public boolean sentElsewhere(Call<?> call, RefusalReason reason, String error) {
        elsewhere = true;
        if (reason == RefusalReason.MOVED || reason == RefusalReason.READONLY) {
            // Other keys may have moved as well, of which nothing was told.
            epoch.end();
        }
        return path.sentElsewhere(call, reason, error);
    }

    @Override
    public boolean sentAgain(Call<?> call, boolean hasNotRun) {
        elsewhere = true;
        return path.sentAgain(call, hasNotRun);
    }
}
