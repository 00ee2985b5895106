package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;

/** Something that every peer is made to do in turn. */
public interface Workload {

    /** Returns the name under which its numbers are kept; no other workload has it. */
    String scenario();

    /** Measures all peers; what one call costs is left at {@code bench}. */
    void run(Bench bench);
}
