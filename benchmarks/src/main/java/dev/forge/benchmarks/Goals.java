package dev.forge.benchmarks;

import static dev.forge.benchmarks.measure.Metric.ALLOCATED;
import static dev.forge.benchmarks.measure.Metric.CPU;
import static dev.forge.benchmarks.measure.Metric.DRAINED;
import static dev.forge.benchmarks.measure.Metric.LOADS;
import static dev.forge.benchmarks.measure.Metric.NANOS;
import static dev.forge.benchmarks.measure.Metric.OPERATIONS;
import static dev.forge.benchmarks.measure.Metric.OTHER;
import static dev.forge.benchmarks.measure.Metric.P99;
import static dev.forge.benchmarks.measure.Metric.READS;
import static dev.forge.benchmarks.measure.Metric.RECONNECTS;
import static dev.forge.benchmarks.measure.Metric.RESIDENT;
import static dev.forge.benchmarks.measure.Metric.STARTED;
import static dev.forge.benchmarks.measure.Metric.THREADS;
import static dev.forge.benchmarks.measure.Metric.WORST_PING;
import static dev.forge.benchmarks.peer.Library.BUCKET4J;
import static dev.forge.benchmarks.peer.Library.CAFFEINE;
import static dev.forge.benchmarks.peer.Library.FORGE_EIGHT;
import static dev.forge.benchmarks.peer.Library.JEDIS;
import static dev.forge.benchmarks.peer.Library.JETCACHE;
import static dev.forge.benchmarks.peer.Library.LETTUCE;
import static dev.forge.benchmarks.peer.Library.REDISSON;
import static dev.forge.benchmarks.peer.Library.SPRING_CACHE;
import static dev.forge.benchmarks.peer.Library.SPRING_SESSION;

import java.util.List;

/** The promises about speed: the rows of the design. */
final class Goals {
    private static final String ONE_CPU = "get, 1 thread, one CPU";
    private static final String VIRTUAL = "get, 256 virtual threads";
    private static final String BESIDE_BATCHES = "single get beside batches of 10000";
    private static final String BULK = "get of 256 keys at once";
    private static final String NEAR = "near-cache hit, 1 thread";
    private static final String PROFILE = "cache-aside hit of 1 KiB JSON, 16 threads";
    private static final String METHOD = "@Cacheable hit of 1 KiB JSON, 16 threads";
    private static final String METHOD_STAMPEDE = "200 callers miss one @Cacheable(sync) key, 2 instances";
    private static final String DELETION = "deletion by pattern of 100000 keys of 1000000";
    private static final String START = "start to first answer";

    // The other work of the JVM is divided by the number of calls.
    private static final double LESS_THAN_A_BYTE = 0.4;

    // Other keys do not wait for the 100 ms that the crowded key takes; 200 threads share a few processors.
    private static final double LONGEST_OTHER = 50;

    // Includes the heartbeats of a connection.
    private static final double ROUND_TRIP = 1.01;

    private static final List<Goal> ALL = List.of(
            Goal.ratio("G1", ONE_CPU, OPERATIONS, LETTUCE, 0.97, 1.0),
            Goal.ratio("G1", ONE_CPU, OPERATIONS, JEDIS, 1.0, 1.15),
            Goal.ratio("G1", ONE_CPU, P99, LETTUCE, 1.1),
            Goal.ratio("G1", ONE_CPU, CPU, JEDIS, 1.1, 1.0),
            Goal.value("G1", ONE_CPU, ALLOCATED, 250, 160),
            Goal.ratio("G1", "set, 1 thread, one CPU", OPERATIONS, JEDIS, 1.0, 1.15),
            Goal.ratio("G2", "get, 1 thread", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G2", "get, 1 thread", OPERATIONS, JEDIS, 0.97, 1.1),
            Goal.ratio("G2", "get, 1 thread", P99, LETTUCE, 1.1),
            Goal.ratio("G2", "get, 2 threads", OPERATIONS, JEDIS, 0.97, 1.1),
            Goal.ratio("G2", "get, 4 threads", OPERATIONS, JEDIS, 0.97, 1.1),
            Goal.ratio("G2", "get, 8 threads", OPERATIONS, LETTUCE, 0.95, 1.0),
            Goal.ratio("G2", "get, 8 threads", OPERATIONS, JEDIS, 1.05, 1.2).of(FORGE_EIGHT),
            Goal.ratio("G2", "get, 8 threads", P99, LETTUCE, 1.1),
            Goal.ratio("G2", "get, 16 threads", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G2", "get, 16 threads", P99, LETTUCE, 1.1),
            Goal.ratio("G2", "get, 32 threads", OPERATIONS, LETTUCE, 1.15, 1.3),
            Goal.ratio("G2", "get, 32 threads", P99, LETTUCE, 1.1),
            Goal.ratio("G2", "get, 64 threads", OPERATIONS, LETTUCE, 1.2, 1.5),
            Goal.ratio("G2", "get, 64 threads", P99, LETTUCE, 1.1),
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
            Goal.ratio("G5", BULK, OPERATIONS, LETTUCE, 5, 5.5),
            Goal.ratio("G5", BULK, OPERATIONS, JEDIS, 1.0, 1.2),
            Goal.value("G5", BULK, ALLOCATED, 300),
            Goal.ratio("G6", NEAR, NANOS, CAFFEINE, 1.5, 1.2),
            Goal.value("G6", NEAR, ALLOCATED, LESS_THAN_A_BYTE),
            Goal.ratio("G6", NEAR, OPERATIONS, JETCACHE, 6, 8),
            Goal.ratio("G6", NEAR, OPERATIONS, REDISSON, 6, 8),
            Goal.ratio("G6", "near-cache hit, 4 threads", NANOS, CAFFEINE, 1.5, 1.2),
            Goal.ratio("G7", "cache-aside hit of 1 KiB JSON, 1 thread", OPERATIONS, JEDIS, 0.92, 1.0),
            Goal.ratio("G7", "cache-aside hit of 1 KiB JSON, 4 threads", OPERATIONS, JEDIS, 0.92, 1.0),
            Goal.ratio("G7", PROFILE, OPERATIONS, SPRING_CACHE, 1.25, 1.5),
            Goal.ratio("G7", PROFILE, OPERATIONS, JETCACHE, 1.8, 2.2),
            Goal.ratio("G7", PROFILE, OPERATIONS, REDISSON, 1.8, 2.2),
            Goal.value("G7", PROFILE, ALLOCATED, 4_096),
            Goal.value("G8", "200 callers miss one key, 1 instance", LOADS, 1),
            Goal.value("G8", "200 callers miss one key, 1 instance", DRAINED, 125, 112),
            Goal.value("G8", "200 callers miss one key, 1 instance", OTHER, LONGEST_OTHER),
            Goal.value("G8", "200 callers miss one key, 2 instances", LOADS, 1),
            Goal.value("G8", "200 callers miss one key, 2 instances", DRAINED, 140, 120),
            Goal.value("G8", "200 callers miss one key, 2 instances", OTHER, LONGEST_OTHER),
            Goal.value("G9", DELETION, WORST_PING, 6, 5),
            Goal.ratio("G9", DELETION, DRAINED, REDISSON, 0.75, 0.6),
            Goal.ratio("G10", "limit check, 1 thread, 1000 subjects", OPERATIONS, JEDIS, 0.95, 1.0),
            Goal.ratio("G10", "limit check, 32 threads, 1000 subjects", OPERATIONS, LETTUCE, 0.95, 1.2),
            Goal.ratio("G10", "limit check, 32 threads, 1000 subjects", OPERATIONS, BUCKET4J, 2),
            Goal.ratio("G10", "limit check, 32 threads, 1000 subjects", OPERATIONS, REDISSON, 3),
            Goal.ratio("G10", "limit check, 32 threads, one hot subject", OPERATIONS, LETTUCE, 1.4, 1.6),
            Goal.value("G10", "refusal, 32 threads, 16 subjects", OPERATIONS, 10_000_000, 25_000_000),
            Goal.value("G12", "request that changes its session, 1 thread", READS, 2 * ROUND_TRIP),
            Goal.value("G12", "request that reads its session, 1 thread", READS, ROUND_TRIP),
            Goal.value("G12", "request that changes its session, 16 threads", ALLOCATED, 10_240),
            Goal.ratio("G12", "request that changes its session, 16 threads", OPERATIONS, SPRING_SESSION, 2, 3),
            Goal.ratio("G13", METHOD, OPERATIONS, SPRING_CACHE, 1.4),
            Goal.ratio("G13", "@Cacheable near-cache hit, 1 thread", NANOS, CAFFEINE, 2),
            Goal.value("G13", METHOD_STAMPEDE, LOADS, 1),
            Goal.value("G13", METHOD_STAMPEDE, DRAINED, 140, 120),
            Goal.ratio("G14", "get of 10 KiB, 4 threads", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G14", "get of 10 KiB, 4 threads", OPERATIONS, JEDIS, 0.95),
            Goal.ratio("G14", "get of 100 KiB, 4 threads", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G14", "get of 100 KiB, 4 threads", OPERATIONS, JEDIS, 0.95),
            Goal.ratio("G15", "get, 1 thread, TLS", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G15", "get, 1 thread, TLS", OPERATIONS, JEDIS, 0.95),
            Goal.ratio("G15", "get, 16 threads, TLS", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G15", "get, 16 threads, TLS", OPERATIONS, JEDIS, 0.95),
            Goal.ratio("G16", "get, 1 thread, 1 ms away", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G16", "get, 1 thread, 1 ms away", OPERATIONS, JEDIS, 0.95),
            Goal.ratio("G16", "get, 16 threads, 1 ms away", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G16", "get, 16 threads, 1 ms away", OPERATIONS, JEDIS, 0.95),
            Goal.ratio("G16", "async get, 256 in flight, 1 ms away", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G17", "get, 1 thread, cluster", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G17", "get, 1 thread, cluster", OPERATIONS, JEDIS, 0.95),
            Goal.ratio("G17", "get, 16 threads, cluster", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G17", "get, 16 threads, cluster", OPERATIONS, JEDIS, 0.95),
            Goal.ratio("G17", "get, 64 threads, cluster", OPERATIONS, LETTUCE, 0.95),
            Goal.ratio("G17", "get, 64 threads, cluster", OPERATIONS, JEDIS, 0.95),
            Goal.ratio("G11", START, STARTED, LETTUCE, 0.2, 0.12),
            Goal.difference("G11", START, RESIDENT, LETTUCE, -40, -50),
            Goal.difference("G11", START, THREADS, LETTUCE, 1));

    private Goals() {}

    static List<Goal> all() {
        return ALL;
    }
}
