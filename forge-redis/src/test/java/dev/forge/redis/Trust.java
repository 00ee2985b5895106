package dev.forge.redis;

import dev.forge.redis.internal.connection.Outbox;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.tracking.Freshness;
import dev.forge.redis.internal.tracking.Generation;
import java.time.Duration;

/** A link to a server as tests play it: what was heard, and when, is theirs to say. */
public final class Trust {

    private final Freshness freshness;
    private final Outbox nowhere = new Outbox("nowhere", HandshakeCommands::ping);
    private Generation generation;

    public Trust(Duration most) {
        this.freshness = new Freshness(most, System.nanoTime());
        this.generation = new Generation(nowhere, freshness);
    }

    /** Returns the generation that is current. */
    public Generation generation() {
        return generation;
    }

    /** The server has answered what it was asked at this time. */
    public void heard(long askedAt) {
        freshness.renew(askedAt);
    }

    /** Ends the generation and begins another. */
    public void startOver() {
        generation.end();
        generation = new Generation(nowhere, freshness);
    }
}
