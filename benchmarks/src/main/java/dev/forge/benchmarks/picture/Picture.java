package dev.forge.benchmarks.picture;

import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Results;
import dev.forge.benchmarks.measure.Spread;
import dev.forge.benchmarks.peer.Library;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A picture of some workloads, which is drawn from the results of a run.
 *
 * @param file the name of its file
 * @param title the finding, with {@code %s} for each of {@code findings}
 * @param findings the numbers of the title
 * @param views its panels
 */
public record Picture(String file, String title, List<Comparison> findings, List<View> views) {
    private static final Set<Library> FORGES =
            EnumSet.of(Library.FORGE, Library.FORGE_EIGHT, Library.FORGE_WINDOW, Library.FORGE_FIXED);
    private static final String NOTE =
            "Medians, also of the ratios within each round. Thin line: minimum to maximum, and further if it has"
                    + " no end. Each panel has its own scale.";

    /**
     * One workload and one metric of it.
     *
     * @param against the library that the remark compares Forge with
     */
    record View(String scenario, String title, Metric metric, String unit, Library against) {

        private Panel panel(Results results) {
            Comparator<Bar> ascending =
                    Comparator.comparingDouble(bar -> bar.value().median());
            return new Panel(
                    title,
                    unit + (metric.moreIsBetter() ? ": more is better" : ": less is better"),
                    new Comparison(scenario, metric, Library.FORGE, against)
                            .text(results)
                            .map(ratio -> ratio + " × " + shortName(against))
                            .orElse(""),
                    results.peers(scenario).stream()
                            .flatMap(peer ->
                                    results.values(scenario, peer, metric).map(value -> bar(peer, value)).stream())
                            .sorted(metric.moreIsBetter() ? ascending.reversed() : ascending)
                            .toList());
        }

        private static Bar bar(Library peer, Spread value) {
            return new Bar(shortName(peer), value, FORGES.contains(peer));
        }
    }

    /** Returns the picture as SVG; empty if one of its workloads was not measured. */
    public Optional<String> svg(Results results) {
        List<String> numbers = findings.stream()
                .flatMap(finding -> finding.text(results).stream())
                .toList();
        List<Panel> panels = views.stream().map(view -> view.panel(results)).toList();
        boolean isMeasured = numbers.size() == findings.size()
                && panels.stream().noneMatch(panel -> panel.bars().isEmpty());
        return isMeasured
                ? Optional.of(new BarChart(title.formatted(numbers.toArray()), NOTE, panels).svg())
                : Optional.empty();
    }

    private static String shortName(Library peer) {
        return switch (peer) {
            case FORGE_WINDOW -> "Forge, window";
            case LETTUCE_CONSOLIDATED -> "Lettuce, batching";
            case JEDIS -> "Jedis";
            case JEDIS_DEFAULT -> "Jedis, pool of 8";
            case SPRING -> "Spring template";
            case SPRING_CACHE -> "@Cacheable";
            default -> peer.title();
        };
    }
}
