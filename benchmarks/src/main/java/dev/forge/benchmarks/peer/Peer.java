package dev.forge.benchmarks.peer;

/** A library that is connected to the server, and is called by many threads at once. */
public interface Peer extends Opened {

    /** Returns the value at {@code key}, which is there; blocks. */
    String get(String key);

    /** Stores {@code value} at {@code key} without an expiry; blocks until Redis has answered. */
    void set(String key, String value);
}
