package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Pace;
import dev.forge.benchmarks.measure.Results;
import dev.forge.benchmarks.measure.Servers;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.workload.Workload;
import dev.forge.redis.test.server.EmbeddedRedisException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The process of one suite: starts its servers, which share the CPUs of this process, and measures. */
final class SuiteMain {
    /** The exit code if the servers of the suite do not start here; the standard error says why. */
    static final int NO_SERVERS = 3;

    private SuiteMain() {}

    /** Takes the arguments from {@link SuiteProcess}. */
    public static void main(String[] arguments) throws IOException {
        Suite suite = Suites.named(arguments[0]);
        Pace pace = new Pace(
                Integer.parseInt(arguments[1]),
                Duration.parse(arguments[2]),
                Duration.parse(arguments[3]),
                Duration.parse(arguments[4]));
        Set<Library> libraries =
                Arrays.stream(arguments[5].split(",")).map(Library::valueOf).collect(Collectors.toSet());
        try (Servers servers = start(suite)) {
            run(suite.workloads(), servers, pace, libraries, System.err).write(Path.of(arguments[6]));
        }
        // Threads that a peer leaves behind must not keep the JVM running.
        System.exit(0);
    }

    private static Servers start(Suite suite) {
        try {
            return suite.need().start();
        } catch (EmbeddedRedisException e) {
            System.err.println("  " + e.getMessage());
            System.exit(NO_SERVERS);
            throw e;
        }
    }

    /** Measures all {@code workloads} in this JVM, and prints the results of Forge to {@code progress}. */
    static SuiteResult run(
            List<Workload> workloads, Servers servers, Pace pace, Set<Library> libraries, PrintStream progress) {
        try (Bench bench = new Bench(servers, pace, libraries)) {
            for (Workload workload : workloads) {
                workload.run(bench);
                progress.println("  " + summary(workload.scenario(), bench.results()));
            }
            return new SuiteResult(servers.version(), Runtime.version().toString(), bench.results());
        }
    }

    private static String summary(String scenario, Results results) {
        Metric metric = results.metrics(scenario).stream()
                .filter(Metric::compared)
                .findFirst()
                .orElse(Metric.CONNECTIONS);
        return results.ratio(scenario, Library.FORGE, Library.LETTUCE, metric)
                .map(ratio -> "%s: %s, Forge against Lettuce: %s".formatted(scenario, metric.title(), ratio.text(2)))
                .orElse(scenario);
    }
}
