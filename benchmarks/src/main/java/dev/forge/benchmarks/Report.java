package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Results;
import dev.forge.benchmarks.measure.Spread;
import dev.forge.benchmarks.peer.Library;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The tables of a run, as a page of Markdown. */
final class Report {
    private static final String HEAD =
            "# All tables of the benchmarks\n\nWritten by `benchmarks/run`. [The page on benchmarks](../../docs/benchmarks.md) has the"
                    + " findings, and [README.md](../README.md) says what the numbers mean.\n\n";

    private final Run run;

    Report(Run run) {
        this.run = run;
    }

    /** Returns the table of targets and measured values. */
    String goals() {
        Table table = new Table(List.of("row", "work", "measured", "floor", "goal", "median (min..max)", ""));
        for (Goal goal : Goals.all()) {
            Suite suite = suite(goal.scenario());
            if (isAskedFor(suite)) {
                table.row(row(goal, suite));
            }
        }
        return table.text();
    }

    private List<String> row(Goal goal, Suite suite) {
        SuiteResult result = run.results().get(suite);
        Spread measured =
                result == null ? null : goal.measured(result.results()).orElse(null);
        return List.of(
                goal.row(),
                goal.scenario(),
                goal.what(),
                goal.bound(goal.floor()),
                goal.goal().isPresent() ? goal.bound(goal.goal().getAsDouble()) : "",
                measured == null ? "" : measured.text(goal.decimals()),
                measured == null ? run.reason(suite).orElse("not measured") : goal.verdict(measured));
    }

    private boolean isAskedFor(Suite suite) {
        return run.results().containsKey(suite) || run.reason(suite).isPresent();
    }

    /** Returns the whole page. */
    String text() {
        StringBuilder page = new StringBuilder(HEAD).append(facts());
        page.append("\n## Targets\n\n").append(goals());
        for (Suite suite : Suites.all().stream().filter(this::isAskedFor).toList()) {
            page.append("\n## ")
                    .append(suite.name())
                    .append(": ")
                    .append(suite.title())
                    .append("\n\n");
            SuiteResult result = run.results().get(suite);
            if (result == null) {
                page.append(run.reason(suite).orElseThrow()).append(".\n");
            } else {
                page.append("JDK ").append(result.java()).append(".\n");
                append(page, result.results());
            }
        }
        return page.toString();
    }

    private String facts() {
        Table table = new Table(List.of("", ""));
        run.facts().forEach((name, value) -> table.row(List.of(name, value)));
        return table.text();
    }

    private static void append(StringBuilder page, Results results) {
        if (results.scenarios().size() > 1) {
            for (Metric metric : compared(results)) {
                page.append("\nRatio to ")
                        .append(baseline(results, results.scenarios().get(0)).title())
                        .append(", ")
                        .append(metric.title())
                        .append(":\n\n");
                page.append(ratios(results, metric));
            }
        }
        for (String scenario : results.scenarios()) {
            page.append("\n### ").append(scenario).append("\n\n");
            page.append(numbers(results, scenario));
        }
    }

    private static List<Metric> compared(Results results) {
        return results.scenarios().stream()
                .flatMap(scenario -> results.metrics(scenario).stream())
                .filter(Metric::compared)
                .distinct()
                .sorted()
                .toList();
    }

    /** One metric of all scenarios: a line for each peer. */
    private static String ratios(Results results, Metric metric) {
        List<String> scenarios = results.scenarios();
        Table table = new Table(Stream.concat(Stream.of(""), scenarios.stream()).toList());
        Stream<Library> peers = scenarios.stream().flatMap(scenario -> results.peers(scenario).stream());
        for (Library peer : peers.distinct().sorted().toList()) {
            List<String> cells = new ArrayList<>(List.of(peer.title()));
            scenarios.forEach(scenario -> cells.add(ratio(results, scenario, peer, metric)));
            table.row(cells);
        }
        return table.text();
    }

    /** All metrics of one scenario: a line for each peer. */
    private static String numbers(Results results, String scenario) {
        List<Metric> metrics = results.metrics(scenario);
        List<String> head = new ArrayList<>(List.of(""));
        for (Metric metric : metrics) {
            head.add(metric.title());
            if (metric.compared()) {
                head.add("x " + baseline(results, scenario).title());
            }
        }
        Table table = new Table(head);
        for (Library peer : results.peers(scenario)) {
            List<String> cells = new ArrayList<>(List.of(peer.title()));
            for (Metric metric : metrics) {
                Spread values = results.values(scenario, peer, metric).orElse(null);
                if (metric.compared()) {
                    cells.add(values == null ? "" : values.text(metric.decimals()));
                    cells.add(ratio(results, scenario, peer, metric));
                } else {
                    cells.add(values == null ? "" : values.median(metric.decimals()));
                }
            }
            table.row(cells);
        }
        return table.text();
    }

    private static String ratio(Results results, String scenario, Library peer, Metric metric) {
        return results.ratio(scenario, peer, baseline(results, scenario), metric)
                .map(ratio -> ratio.text(2))
                .orElse("");
    }

    /** Returns the baseline: Lettuce if it takes part, else a map in memory, else the first of the others. */
    private static Library baseline(Results results, String scenario) {
        List<Library> peers = results.peers(scenario);
        return Stream.of(Library.LETTUCE, Library.CAFFEINE)
                .filter(peers::contains)
                .findFirst()
                .orElseGet(() -> peers.stream()
                        .filter(peer -> peer != Library.FORGE)
                        .findFirst()
                        .orElse(Library.FORGE));
    }

    private static Suite suite(String scenario) {
        return Suites.all().stream()
                .filter(suite -> suite.scenarios().contains(scenario))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No suite has the work " + scenario));
    }
}
