package dev.forge.benchmarks.peer;

import java.util.concurrent.Future;

/** A library whose gets can be sent without waiting for them. */
public interface AsyncPeer extends Peer {

    /** Sends a get; returns the library's own future, to add no cost. */
    Future<?> getAsync(String key);

    /** Returns the value in {@code answer}, the result of such a future. */
    String value(Object answer);
}
