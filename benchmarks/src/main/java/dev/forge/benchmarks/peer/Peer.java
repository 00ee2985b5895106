package dev.forge.benchmarks.peer;

/** A library that is connected to the server, and is called by many threads at once. */
public interface Peer extends Opened {

    /** Returns the value of {@code key}, which exists; blocks. */
    String get(String key);

    /** Stores {@code value} for {@code key} without a TTL; blocks until Redis has replied. */
    void set(String key, String value);
}
