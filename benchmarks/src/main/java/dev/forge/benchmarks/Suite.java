package dev.forge.benchmarks;

import dev.forge.benchmarks.workload.Workload;
import java.util.List;

/**
 * Workloads that share a JVM and a server.
 *
 * @param name its name on the command line
 * @param title its title in the report
 * @param need what it needs from the machine
 * @param workloads in the order in which they run; no two have the same scenario
 */
record Suite(String name, String title, Need need, List<Workload> workloads) {

    /** A requirement of a suite on the machine. */
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
