package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;

/** Work that every peer does in turn. */
public interface Workload {

    /** Returns the name of its numbers, which no other workload has. */
    String scenario();

    /** Measures all peers, and records the results in {@code bench}. */
    void run(Bench bench);
}
