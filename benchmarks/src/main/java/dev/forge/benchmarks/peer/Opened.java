package dev.forge.benchmarks.peer;

/** An object of a library that is connected to a server. */
public interface Opened extends AutoCloseable {

    /** Closes the connections and threads of the library. */
    @Override
    void close();
}
