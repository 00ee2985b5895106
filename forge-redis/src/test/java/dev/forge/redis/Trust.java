package dev.forge.redis;

import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.connection.Unconnected;
import dev.forge.redis.internal.tracking.Freshness;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import java.time.Duration;

/** A tracking connection for tests, which decide what was received, and when. */
public final class Trust {

    private final Freshness freshness;
    private final PipelinedConnection nowhere = Unconnected.named("nowhere");
    private TrackingEpoch epoch;

    public Trust(Duration most) {
        this.freshness = new Freshness(most, System.nanoTime());
        this.epoch = new TrackingEpoch(nowhere, freshness);
    }

    /** Returns the current tracking epoch. */
    public TrackingEpoch epoch() {
        return epoch;
    }

    /** Records that the server has answered a request of this time. */
    public void heard(long askedAt) {
        freshness.renew(askedAt);
    }

    /** Ends the epoch and begins another. */
    public void startOver() {
        epoch.end();
        epoch = new TrackingEpoch(nowhere, freshness);
    }
}
