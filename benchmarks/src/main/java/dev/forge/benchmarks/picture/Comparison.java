package dev.forge.benchmarks.picture;

import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Results;
import dev.forge.benchmarks.peer.Library;
import java.util.Optional;

/** The number of {@code peer} as a multiple of that of {@code base}, in one workload. */
record Comparison(String scenario, Metric metric, Library peer, Library base) {

    /** Returns the median of the ratios of all rounds, as text; empty if there is none. */
    Optional<String> text(Results results) {
        return results.ratio(scenario, peer, base, metric).map(ratio -> Svg.number(ratio.median()));
    }
}
