package dev.forge.benchmarks;

import static dev.forge.benchmarks.measure.Metric.ALLOCATED;
import static dev.forge.benchmarks.measure.Metric.OPERATIONS;
import static dev.forge.benchmarks.measure.Metric.P99;
import static dev.forge.benchmarks.measure.Metric.RECONNECTS;
import static dev.forge.benchmarks.measure.Metric.RESIDENT;
import static dev.forge.benchmarks.measure.Metric.STARTED;
import static dev.forge.benchmarks.measure.Metric.THREADS;
import static dev.forge.benchmarks.peer.Library.JEDIS;
import static dev.forge.benchmarks.peer.Library.LETTUCE;

import java.util.List;

/** What has been promised about speed: the rows of the design that can be measured so far. */
final class Goals {
    private static final String ONE_CPU = "get, 1 thread, one CPU";
    private static final String VIRTUAL = "get, 256 virtual threads";
    private static final String BESIDE_BATCHES = "single get beside batches of 10000";
    private static final String START = "start to first answer";

    private static final List<Goal> ALL = List.of(
            Goal.ratio("G1", ONE_CPU, OPERATIONS, LETTUCE, 0.97, 1.0),
            Goal.ratio("G1", ONE_CPU, P99, LETTUCE, 1.1),
            Goal.difference("G1", ONE_CPU, ALLOCATED, LETTUCE, 64),
            Goal.ratio("G2", "get, 1 thread", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G2", "get, 1 thread", P99, LETTUCE, 1.1),
            Goal.ratio("G2", "get, 8 threads", OPERATIONS, LETTUCE, 0.95, 1.0),
            Goal.ratio("G2", "get, 8 threads", P99, LETTUCE, 1.1),
            Goal.ratio("G2", "get, 32 threads", OPERATIONS, LETTUCE, 1.15, 1.3),
            Goal.ratio("G2", "get, 32 threads", P99, LETTUCE, 1.1),
            Goal.ratio("G2", "get, 64 threads", OPERATIONS, LETTUCE, 1.2, 1.5),
            Goal.ratio("G2", "get, 64 threads", P99, LETTUCE, 1.1),
            Goal.ratio("G2", "get, 128 threads", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G2", "get, 128 threads", P99, LETTUCE, 1.1),
            Goal.ratio("G2", "get, 256 threads", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G2", "get, 256 threads", P99, LETTUCE, 1.1),
            Goal.ratio("G2", "set, 32 threads", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G2", "set, 32 threads", P99, LETTUCE, 1.1),
            Goal.ratio("G3", VIRTUAL, OPERATIONS, LETTUCE, 1.8, 3),
            Goal.ratio("G3", VIRTUAL, OPERATIONS, JEDIS, 3.5, 6),
            Goal.ratio("G3", VIRTUAL, P99, LETTUCE, 1.1),
            Goal.ratio("G4", "async get, 64 in flight", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G4", "async get, 256 in flight", OPERATIONS, LETTUCE, 2.2, 3),
            Goal.ratio("G4", "async get, 1024 in flight", OPERATIONS, LETTUCE, 0.95),
            Goal.value("fairness", BESIDE_BATCHES, P99, 2_000),
            Goal.ratio("fairness", BESIDE_BATCHES + " of Forge", P99, JEDIS, 1.5),
            Goal.value("burst", "100000 async gets at once", RECONNECTS, 0),
            Goal.ratio("G11", START, STARTED, LETTUCE, 1.1, 1.0),
            Goal.difference("G11", START, RESIDENT, LETTUCE, 8),
            Goal.difference("G11", START, THREADS, LETTUCE, 1));

    private Goals() {}

    static List<Goal> all() {
        return ALL;
    }
}
