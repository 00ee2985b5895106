package dev.forge.redis;

import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.tracking.Freshness;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import java.time.Duration;

/** A link to a server as tests play it: what was heard, and when, is theirs to say. */
public final class Trust {

    private final Freshness freshness;
    private final PipelinedConnection nowhere = new PipelinedConnection("nowhere", HandshakeCommands::ping);
    private TrackingEpoch epoch;

    public Trust(Duration most) {
        this.freshness = new Freshness(most, System.nanoTime());
        this.epoch = new TrackingEpoch(nowhere, freshness);
    }

    /** Returns the generation that is current. */
    public TrackingEpoch epoch() {
        return epoch;
    }

    /** The server has answered what it was asked at this time. */
    public void heard(long askedAt) {
        freshness.renew(askedAt);
    }

    /** Ends the generation and begins another. */
    public void startOver() {
        epoch.end();
        epoch = new TrackingEpoch(nowhere, freshness);
    }
}
