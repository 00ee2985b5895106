package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Servers;
import dev.forge.benchmarks.workload.Workload;
import java.util.List;

/**
 * Workloads that share a JVM and a server.
 *
 * @param name its name on the command line
 * @param title its title in the report
 * @param need what it needs
 * @param workloads in the order in which they run; no two have the same scenario
 */
record Suite(String name, String title, Need need, List<Workload> workloads) {

    /** A requirement of a suite on the machine and its servers. */
    enum Need {
        /** One server, and nothing special. */
        NOTHING,
        /** One CPU for the JVM and its server together, and {@code taskset} to bind them to it. */
        ONE_CPU,
        /** A JDK with virtual threads. */
        VIRTUAL_THREADS,
        /** A server that speaks TLS. */
        TLS,
        /** A slow link to the server. */
        DELAY,
        /** A cluster. */
        CLUSTER;

        /**
         * Starts the servers.
         *
         * @throws dev.forge.redis.test.server.EmbeddedRedisException if they do not start here
         */
        Servers start() {
            return switch (this) {
                case NOTHING, ONE_CPU, VIRTUAL_THREADS -> Servers.single();
                case TLS -> Servers.withTls();
                case DELAY -> Servers.delayed();
                case CLUSTER -> Servers.cluster();
            };
        }
    }

    List<String> scenarios() {
        return workloads.stream().map(Workload::scenario).toList();
    }
}
