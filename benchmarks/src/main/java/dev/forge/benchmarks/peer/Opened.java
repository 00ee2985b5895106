package dev.forge.benchmarks.peer;

/** Something of a library that is connected to a server. */
public interface Opened extends AutoCloseable {

    /** Ends the connections and threads of the library. */
    @Override
    void close();
}
