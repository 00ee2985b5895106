package dev.forge.benchmarks.peer;

import java.util.concurrent.Future;

/** A library whose gets can be sent without waiting for them. */
public interface AsyncPeer extends Peer {

    /** Sends a get; the future is the library's own, so that nothing is added to its cost. */
    Future<?> getAsync(String key);

    /** Returns the value in {@code answer}, which such a future has given. */
    String value(Object answer);
}
