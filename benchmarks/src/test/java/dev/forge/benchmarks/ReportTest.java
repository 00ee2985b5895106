package dev.forge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.benchmarks.measure.Measurement;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Pace;
import dev.forge.benchmarks.measure.Results;
import dev.forge.benchmarks.peer.Library;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Suite G4 = Suites.named("G4");
    private static final String WINDOW = "async get, 256 in flight";

    @Test
    void hasARowForEveryGoalAndReportsWhatWasNotMeasured() {
        Map<Suite, String> reasons =
                Suites.all().stream().collect(Collectors.toMap(suite -> suite, suite -> "not measured: failed"));

        Report report = report(Map.of(), reasons);

        assertThat(report.goals().lines()).hasSize(2 + Goals.all().size());
        assertThat(report.goals().lines().filter(line -> line.startsWith("| G4 ") && line.contains(WINDOW)))
                .singleElement()
                .asString()
                .contains("| G4 ", ">= 2.20", ">= 3.00", "not measured: failed");
    }

    @Test
    void leavesOutSuitesThatWereNotRequested() {
        Report report = report(Map.of(), Map.of(G4, "not measured: failed"));

        assertThat(report.text()).contains("## G4", "| G4 ").doesNotContain("## G2", "| G2 ");
    }

    @Test
    void reportsAMissedFloor() {
        assertThat(window(100, 219)).contains("2.19 (2.19..2.19)", "BELOW THE FLOOR");
        assertThat(window(100, 220)).contains("2.20 (2.20..2.20)", "floor reached");
        assertThat(window(100, 300)).contains("3.00 (3.00..3.00)", "goal reached");
    }

    @Test
    void comparesForgeWithOtherSettings() {
        String scenario = "get, 8 threads";
        Results results = new Results(List.of(
                new Measurement(scenario, Library.FORGE, 0, Metric.OPERATIONS, 90),
                new Measurement(scenario, Library.FORGE_EIGHT, 0, Metric.OPERATIONS, 120),
                new Measurement(scenario, Library.JEDIS, 0, Metric.OPERATIONS, 100)));

        Report report = report(Map.of(Suites.named("G2"), new SuiteResult("6.2.11", "17.0.1", results)), Map.of());

        assertThat(report.goals().lines().filter(line -> line.contains("of Forge, pool of 8, ratio to Jedis")))
                .singleElement()
                .asString()
                .contains("| " + scenario, "1.20 (1.20..1.20)", "goal reached");
    }

    @Test
    void namesMachineServerAndPeers() {
        String text = report(Map.of(G4, new SuiteResult("6.2.11", "17.0.1", new Results(List.of()))), Map.of())
                .text();

        assertThat(text).contains("Redis 6.2.11", "JDK 17.0.1", "-XX:+UseG1GC", System.getProperty("os.version"));
        assertThat(text).containsPattern("Lettuce +\\| 7\\.").containsPattern("Jedis +\\| \\d");
        assertThat(text).containsPattern("Redisson +\\| \\d").containsPattern("Spring Data Redis +\\| \\d");
    }

    @Test
    void showsNumbersAndRatiosOfEveryPeer() {
        String text = report(Map.of(G4, result(1_000, 2_500)), Map.of()).text();

        assertThat(text.lines().filter(line -> line.startsWith("| Forge")))
                .singleElement()
                .asString()
                .contains("2,500 (2,500..2,500)", "2.50 (2.50..2.50)");
    }

    @Test
    void everyGoalBelongsToAWorkloadOfASuite() {
        List<String> scenarios = Suites.all().stream()
                .flatMap(suite -> suite.scenarios().stream())
                .toList();

        assertThat(scenarios).doesNotHaveDuplicates();
        assertThat(Goals.all()).extracting(Goal::scenario).isSubsetOf(scenarios);
    }

    private static String window(double lettuce, double forge) {
        return report(Map.of(G4, result(lettuce, forge)), Map.of())
                .goals()
                .lines()
                .filter(line -> line.contains(WINDOW))
                .findFirst()
                .orElseThrow();
    }

    private static SuiteResult result(double lettuce, double forge) {
        Stream<Measurement> measurements = IntStream.range(0, 3)
                .boxed()
                .flatMap(round -> Stream.of(
                        new Measurement(WINDOW, Library.LETTUCE, round, Metric.OPERATIONS, lettuce),
                        new Measurement(WINDOW, Library.FORGE, round, Metric.OPERATIONS, forge)));
        return new SuiteResult("6.2.11", "17.0.1", new Results(measurements.toList()));
    }

    private static Report report(Map<Suite, SuiteResult> results, Map<Suite, String> reasons) {
        Map<String, String> facts = Facts.of(Machine.current(Jdk.current()), Pace.QUICK, results.values());
        reasons.forEach((suite, reason) -> facts.put(suite.name(), reason));
        return new Report(new Run(facts, results));
    }
}
