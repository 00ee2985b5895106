package dev.forge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.benchmarks.Suite.Need;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Pace;
import dev.forge.benchmarks.measure.Results;
import dev.forge.benchmarks.measure.Servers;
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
import dev.forge.benchmarks.workload.Workload;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Checks that every workload runs, on a real server, and not how fast it is. */
@Tag("slow")
class SuiteMainTest {
    static final Pace SHORT = new Pace(1, Duration.ofMillis(40), Duration.ofMillis(20), Duration.ofMillis(20));
    private static final Set<Library> ALL = EnumSet.allOf(Library.class);
    private static final List<Library> CLIENTS =
            List.of(Library.LETTUCE, Library.FORGE, Library.JEDIS, Library.REDISSON);
    private static final Set<Library> TWO = EnumSet.of(Library.LETTUCE, Library.FORGE);

    @Test
    void measuresEveryPeerInBlockingCalls() {
        Results results = run(ALL, BlockingCalls.gets(3, ""), BlockingCalls.sets(3, ""));

        assertThat(results.scenarios()).containsExactly("get, 3 threads", "set, 3 threads");
        for (String scenario : results.scenarios()) {
            assertThat(results.peers(scenario))
                    .containsExactly(Library.LETTUCE, Library.FORGE, Library.JEDIS, Library.REDISSON, Library.SPRING);
            assertMeasured(
                    results,
                    scenario,
                    Metric.OPERATIONS,
                    Metric.P50,
                    Metric.P99,
                    Metric.MAX,
                    Metric.ALLOCATED,
                    Metric.READS,
                    Metric.CONNECTIONS);
        }
        assertThat(results.values("get, 3 threads", Library.JEDIS, Metric.CONNECTIONS))
                .hasValueSatisfying(
                        connections -> assertThat(connections.median()).isBetween(1.0, 3.0));
    }

    @Test
    void measuresOtherPoolsOnlyBesideMoreCallers() {
        Results results = run(
                EnumSet.of(Library.FORGE, Library.FORGE_EIGHT, Library.JEDIS_DEFAULT),
                BlockingCalls.gets(5, ""),
                BlockingCalls.gets(8, ""),
                BlockingCalls.gets(9, ""));

        assertThat(results.peers("get, 5 threads")).containsExactly(Library.FORGE);
        assertThat(results.peers("get, 8 threads")).containsExactly(Library.FORGE, Library.FORGE_EIGHT);
        assertThat(results.peers("get, 9 threads"))
                .containsExactly(Library.FORGE, Library.FORGE_EIGHT, Library.JEDIS_DEFAULT);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void measuresCallsOnVirtualThreads() {
        Results results = run(TWO, BlockingCalls.virtualGets(8));

        assertMeasured(results, "get, 8 virtual threads", Metric.OPERATIONS, Metric.P99, Metric.ALLOCATED);
    }

    @Test
    void measuresEveryAsyncPeerInAsyncCalls() {
        Results results = run(ALL, new AsyncWindow(8), Fairness.within(100), new Burst(500));

        assertThat(results.peers("async get, 8 in flight"))
                .containsExactly(Library.LETTUCE, Library.FORGE, Library.LETTUCE_CONSOLIDATED, Library.REDISSON);
        assertMeasured(results, "async get, 8 in flight", Metric.OPERATIONS, Metric.P99, Metric.ALLOCATED);
        assertMeasured(results, "single get beside batches of 100", Metric.P99, Metric.BATCHED);
        assertMeasured(results, "500 async gets at once", Metric.ANSWERED, Metric.DRAINED);
        assertThat(results.values("500 async gets at once", Library.LETTUCE, Metric.FAILED))
                .hasValueSatisfying(failed -> assertThat(failed.max()).isZero());
    }

    @Test
    void measuresTheStartOfProcesses() {
        Results results = run(EnumSet.of(Library.FORGE), new StartUp());

        assertMeasured(results, "start to first answer", Metric.STARTED, Metric.THREADS);
    }

    @Test
    void measuresManyValuesAtOnce() {
        Results results = run(ALL, new BulkLookup(16));

        assertThat(results.peers("get of 16 keys at once"))
                .containsExactly(Library.LETTUCE, Library.FORGE, Library.JEDIS);
        assertMeasured(results, "get of 16 keys at once", Metric.OPERATIONS, Metric.ALLOCATED);
    }

    @Test
    void measuresValuesInMemory() {
        Results results = run(ALL, new NearHits(2));

        assertThat(results.peers("near-cache hit, 2 threads"))
                .containsExactly(Library.FORGE, Library.REDISSON, Library.CAFFEINE, Library.JETCACHE);
        assertMeasured(results, "near-cache hit, 2 threads", Metric.OPERATIONS, Metric.NANOS);
    }

    @Test
    void measuresObjectsFromACache() {
        String fastest = "cache-aside hit of 1 KiB JSON, 1 thread";
        String all = "cache-aside hit of 1 KiB JSON, 2 threads";

        Results results = run(ALL, ProfileHits.ofFastest(1), ProfileHits.ofAll(2));

        assertThat(results.peers(fastest))
                .containsExactly(Library.LETTUCE, Library.FORGE, Library.JEDIS, Library.SPRING_CACHE);
        assertThat(results.peers(all))
                .containsExactly(
                        Library.LETTUCE,
                        Library.FORGE,
                        Library.JEDIS,
                        Library.REDISSON,
                        Library.SPRING_CACHE,
                        Library.JETCACHE);
        assertMeasured(results, fastest, Metric.OPERATIONS, Metric.P99, Metric.ALLOCATED);
        assertMeasured(results, all, Metric.OPERATIONS, Metric.P99, Metric.ALLOCATED);
    }

    @Test
    void measuresAStampede() {
        Results results = run(ALL, new Stampede(4, 2));

        assertThat(results.peers("4 callers miss one key, 2 instances"))
                .containsExactly(Library.FORGE, Library.REDISSON, Library.SPRING_CACHE, Library.JETCACHE);
        assertMeasured(results, "4 callers miss one key, 2 instances", Metric.DRAINED, Metric.LOADS, Metric.OTHER);
    }

    @Test
    void measuresCachedMethods() {
        String profiles = "@Cacheable hit of 1 KiB JSON, 2 threads";
        String near = "@Cacheable near-cache hit, 1 thread";
        String stampede = "4 callers miss one @Cacheable(sync) key, 2 instances";

        Results results = run(ALL, MethodHits.ofProfiles(2), MethodHits.near(1), Stampede.ofMethods(4, 2));

        assertThat(results.peers(profiles)).containsExactly(Library.FORGE, Library.SPRING_CACHE);
        assertThat(results.peers(near)).containsExactly(Library.FORGE, Library.CAFFEINE);
        assertMeasured(results, profiles, Metric.OPERATIONS, Metric.P99, Metric.ALLOCATED);
        assertMeasured(results, near, Metric.NANOS);
        assertMeasured(results, stampede, Metric.DRAINED, Metric.LOADS, Metric.OTHER);
        assertThat(results.values(stampede, Library.FORGE, Metric.LOADS))
                .hasValueSatisfying(loads -> assertThat(loads.max()).isEqualTo(1));
    }

    @Test
    void measuresDeletionsByPattern() {
        Results results = run(ALL, new PatternDeletions(2_000));

        assertThat(results.peers("deletion by pattern of 200 keys of 2000"))
                .containsExactly(Library.LETTUCE, Library.FORGE, Library.REDISSON, Library.SPRING_CACHE);
        // So few keys may be deleted before the first PING is answered.
        assertMeasured(results, "deletion by pattern of 200 keys of 2000", Metric.DRAINED);
    }

    @Test
    void measuresRateLimits() {
        Results results =
                run(ALL, LimitChecks.admittedByFastest(1, 4), LimitChecks.admitted(2, 4), LimitChecks.refused(2, 4));

        assertThat(results.peers("limit check, 2 threads, 4 subjects"))
                .containsExactly(
                        Library.LETTUCE, Library.FORGE, Library.FORGE_WINDOW, Library.REDISSON, Library.BUCKET4J);
        assertThat(results.peers("limit check, 1 thread, 4 subjects"))
                .containsExactly(
                        Library.LETTUCE, Library.FORGE, Library.FORGE_FIXED, Library.JEDIS, Library.JEDIS_BUCKET);
        assertMeasured(results, "limit check, 1 thread, 4 subjects", Metric.OPERATIONS, Metric.P99);
        assertMeasured(results, "limit check, 2 threads, 4 subjects", Metric.OPERATIONS, Metric.P99);
        assertMeasured(results, "refusal, 2 threads, 4 subjects", Metric.OPERATIONS);
    }

    @Test
    void measuresLargerValues() {
        Results results = run(ALL, new LargeValues(10, 2, CLIENTS));

        assertThat(results.peers("get of 10 KiB, 2 threads")).isEqualTo(CLIENTS);
        assertMeasured(results, "get of 10 KiB, 2 threads", Metric.OPERATIONS, Metric.P99, Metric.READS);
    }

    @Test
    void measuresTls() {
        Results results = run(Need.TLS, ALL, BlockingCalls.gets(2, ", TLS", CLIENTS));

        assertThat(results.peers("get, 2 threads, TLS")).isEqualTo(CLIENTS);
        assertMeasured(results, "get, 2 threads, TLS", Metric.OPERATIONS, Metric.READS, Metric.CONNECTIONS);
        assertThat(System.getProperty("javax.net.ssl.trustStore")).isNull();
    }

    @Test
    void measuresADelayedLink() {
        Results results =
                run(Need.DELAY, ALL, BlockingCalls.gets(2, ", away", CLIENTS), AsyncWindow.elsewhere(8, ", away"));

        assertThat(results.peers("get, 2 threads, away")).isEqualTo(CLIENTS);
        assertThat(results.peers("async get, 8 in flight, away"))
                .containsExactly(Library.LETTUCE, Library.FORGE, Library.REDISSON);
        assertMeasured(results, "async get, 8 in flight, away", Metric.OPERATIONS);
        for (Library peer : CLIENTS) {
            assertThat(results.values("get, 2 threads, away", peer, Metric.P50))
                    .hasValueSatisfying(micros -> assertThat(micros.min()).isGreaterThan(1_000));
        }
    }

    @Test
    void measuresACluster() {
        Results results = run(Need.CLUSTER, ALL, BlockingCalls.gets(2, ", cluster", CLIENTS));

        assertThat(results.peers("get, 2 threads, cluster")).isEqualTo(CLIENTS);
        assertMeasured(results, "get, 2 threads, cluster", Metric.OPERATIONS, Metric.READS);
        // One for each primary at least: every peer has used all of them.
        for (Library peer : CLIENTS) {
            assertThat(results.values("get, 2 threads, cluster", peer, Metric.CONNECTIONS))
                    .hasValueSatisfying(
                            connections -> assertThat(connections.median()).isGreaterThanOrEqualTo(3));
        }
    }

    @Test
    void measuresRequestsWithASession() {
        Results results = run(ALL, SessionRequests.changing(1), SessionRequests.reading(2));

        for (String scenario : results.scenarios()) {
            assertThat(results.peers(scenario)).containsExactly(Library.FORGE, Library.SPRING_SESSION);
            assertMeasured(results, scenario, Metric.OPERATIONS, Metric.READS, Metric.ALLOCATED);
        }
    }

    private static Results run(Set<Library> libraries, Workload... workloads) {
        return run(Need.NOTHING, libraries, workloads);
    }

    private static Results run(Need need, Set<Library> libraries, Workload... workloads) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        try (Servers servers = need.start()) {
            return SuiteMain.run(List.of(workloads), servers, SHORT, libraries, nowhere)
                    .results();
        }
    }

    private static void assertMeasured(Results results, String scenario, Metric... metrics) {
        for (Library peer : results.peers(scenario)) {
            for (Metric metric : metrics) {
                assertThat(results.values(scenario, peer, metric))
                        .as("%s of %s in: %s", metric, peer, scenario)
                        .hasValueSatisfying(
                                values -> assertThat(values.min()).isPositive().isFinite());
            }
        }
    }
}
