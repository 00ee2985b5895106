package dev.forge.benchmarks;

import dev.forge.benchmarks.workload.Workload;
import java.util.List;

/**
 * Workloads that share a JVM and a server.
 *
 * @param name what to call it on the command line
 * @param title what it measures
 * @param need what the machine must have for it
 * @param workloads in the order in which they run; no two have the same scenario
 */
record Suite(String name, String title, Need need, List<Workload> workloads) {

    /** What a suite may ask of the machine. */
    enum Need {
        /** Nothing special. */
        NOTHING,
        /** One CPU for the JVM and its server together, and {@code taskset} to bind them to it. */
        ONE_CPU,
        /** A JDK with virtual threads. */
        VIRTUAL_THREADS
    }

    List<String> scenarios() {
        return workloads.stream().map(Workload::scenario).toList();
    }
}
