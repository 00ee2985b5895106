package dev.forge.benchmarks;

import dev.forge.benchmarks.Suite.Need;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.workload.AsyncWindow;
import dev.forge.benchmarks.workload.BlockingCalls;
import dev.forge.benchmarks.workload.BulkLookup;
import dev.forge.benchmarks.workload.Burst;
import dev.forge.benchmarks.workload.Fairness;
import dev.forge.benchmarks.workload.LargeValues;
import dev.forge.benchmarks.workload.LimitChecks;
import dev.forge.benchmarks.workload.MethodHits;
import dev.forge.benchmarks.workload.NearHits;
import dev.forge.benchmarks.workload.PatternDeletions;
import dev.forge.benchmarks.workload.ProfileHits;
import dev.forge.benchmarks.workload.SessionRequests;
import dev.forge.benchmarks.workload.Stampede;
import dev.forge.benchmarks.workload.StartUp;
import java.util.List;

/** All suites. Add new workloads here, and their targets to {@link Goals}. */
final class Suites {
    // Spring is Lettuce underneath, and so would be measured twice.
    private static final List<Library> CLIENTS =
            List.of(Library.LETTUCE, Library.FORGE, Library.JEDIS, Library.REDISSON);

    private static final List<Suite> ALL = List.of(
            new Suite(
                    "G1",
                    "One thread, client and server on one CPU",
                    Need.ONE_CPU,
                    List.of(BlockingCalls.gets(1, ", one CPU"), BlockingCalls.sets(1, ", one CPU"))),
            new Suite(
                    "G2",
                    "Platform threads",
                    Need.NOTHING,
                    List.of(
                            BlockingCalls.gets(1, ""),
                            BlockingCalls.gets(2, ""),
                            BlockingCalls.gets(4, ""),
                            BlockingCalls.gets(8, ""),
                            BlockingCalls.gets(16, ""),
                            BlockingCalls.gets(32, ""),
                            BlockingCalls.gets(64, ""),
                            BlockingCalls.gets(256, ""),
                            BlockingCalls.sets(32, ""))),
            new Suite("G3", "Virtual threads", Need.VIRTUAL_THREADS, List.of(BlockingCalls.virtualGets(256))),
            new Suite(
                    "G4",
                    "Async, one caller",
                    Need.NOTHING,
                    List.of(new AsyncWindow(64), new AsyncWindow(256), new AsyncWindow(1024))),
            new Suite(
                    "fairness",
                    "A single get beside another caller's batches",
                    Need.NOTHING,
                    List.of(Fairness.within(10_000), Fairness.besideForge(10_000))),
            new Suite("burst", "A burst of async calls", Need.NOTHING, List.of(new Burst(100_000))),
            new Suite("G5", "Many values at once", Need.NOTHING, List.of(new BulkLookup(256))),
            new Suite(
                    "G6",
                    "Values in the memory of the process",
                    Need.NOTHING,
                    List.of(new NearHits(1), new NearHits(4))),
            new Suite(
                    "G7",
                    "Objects from a cache in Redis",
                    Need.NOTHING,
                    List.of(ProfileHits.ofFastest(1), ProfileHits.ofFastest(4), ProfileHits.ofAll(16))),
            new Suite(
                    "G8",
                    "A stampede on a key that is missing",
                    Need.NOTHING,
                    List.of(new Stampede(200, 1), new Stampede(200, 2))),
            new Suite("G9", "Deletion by pattern", Need.NOTHING, List.of(new PatternDeletions(1_000_000))),
            new Suite(
                    "G10",
                    "Rate limits",
                    Need.NOTHING,
                    List.of(
                            LimitChecks.admittedByFastest(1, 1_000),
                            LimitChecks.admitted(32, 1_000),
                            LimitChecks.admitted(32, 1),
                            LimitChecks.refused(32, 16))),
            new Suite(
                    "G12",
                    "Requests with a session",
                    Need.NOTHING,
                    List.of(SessionRequests.changing(1), SessionRequests.reading(1), SessionRequests.changing(16))),
            new Suite(
                    "G13",
                    "Methods with @Cacheable",
                    Need.NOTHING,
                    List.of(MethodHits.ofProfiles(16), MethodHits.near(1), Stampede.ofMethods(200, 2))),
            new Suite(
                    "G14",
                    "Larger values",
                    Need.NOTHING,
                    List.of(new LargeValues(10, 4, CLIENTS), new LargeValues(100, 4, CLIENTS))),
            new Suite(
                    "G15",
                    "TLS",
                    Need.TLS,
                    List.of(BlockingCalls.gets(1, ", TLS", CLIENTS), BlockingCalls.gets(16, ", TLS", CLIENTS))),
            new Suite(
                    "G16",
                    "A link with a delay of 1 ms",
                    Need.DELAY,
                    List.of(
                            BlockingCalls.gets(1, ", 1 ms away", CLIENTS),
                            BlockingCalls.gets(16, ", 1 ms away", CLIENTS),
                            AsyncWindow.elsewhere(256, ", 1 ms away"))),
            new Suite(
                    "G17",
                    "A cluster of six",
                    Need.CLUSTER,
                    List.of(
                            BlockingCalls.gets(1, ", cluster", CLIENTS),
                            BlockingCalls.gets(16, ", cluster", CLIENTS),
                            BlockingCalls.gets(64, ", cluster", CLIENTS))),
            new Suite("G11", "Start-up, a process for each start", Need.NOTHING, List.of(new StartUp())));

    private Suites() {}

    static List<Suite> all() {
        return ALL;
    }

    static List<String> names() {
        return ALL.stream().map(Suite::name).toList();
    }

    static Suite named(String name) {
        return ALL.stream()
                .filter(suite -> suite.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("suite must be one of " + names() + ", but was " + name));
    }
}
