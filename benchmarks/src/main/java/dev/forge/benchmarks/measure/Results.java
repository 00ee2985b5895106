package dev.forge.benchmarks.measure;

import dev.forge.benchmarks.peer.Library;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;

/** Numbers of many rounds, and comparisons between peers. */
public record Results(List<Measurement> measurements) {

    /** Copies the list. */
    public Results {
        measurements = List.copyOf(measurements);
    }

    /** Returns the scenarios in the order in which they were measured. */
    public List<String> scenarios() {
        return measurements.stream().map(Measurement::scenario).distinct().toList();
    }

    /** Returns the peers of {@code scenario}, in the order of their turns. */
    public List<Library> peers(String scenario) {
        return of(scenario).stream().map(Measurement::peer).distinct().toList();
    }

    /** Returns the metrics of {@code scenario}. */
    public List<Metric> metrics(String scenario) {
        return of(scenario).stream()
                .map(Measurement::metric)
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns the values of all rounds; empty if there are none. */
    public Optional<Spread> values(String scenario, Library peer, Metric metric) {
        return spread(rounds(scenario, peer, metric));
    }

    /** Returns the quotient of {@code peer} and {@code base} in each round in which the latter is not 0. */
    public Optional<Spread> ratio(String scenario, Library peer, Library base, Metric metric) {
        return paired(scenario, peer, base, metric, (value, other) -> value / other);
    }

    /** Returns by how much {@code peer} is above {@code base} in each round. */
    public Optional<Spread> difference(String scenario, Library peer, Library base, Metric metric) {
        return paired(scenario, peer, base, metric, (value, other) -> value - other);
    }

    private Optional<Spread> paired(
            String scenario, Library peer, Library base, Metric metric, DoubleBinaryOperator compare) {
        Map<Integer, Double> others = rounds(scenario, base, metric);
        Map<Integer, Double> pairs = new TreeMap<>();
        rounds(scenario, peer, metric).forEach((round, value) -> {
            Double other = others.get(round);
            if (other != null) {
                pairs.put(round, compare.applyAsDouble(value, other));
            }
        });
        pairs.values().removeIf(value -> !Double.isFinite(value));
        return spread(pairs);
    }

    private Map<Integer, Double> rounds(String scenario, Library peer, Metric metric) {
        return of(scenario).stream()
                .filter(one -> one.peer() == peer && one.metric() == metric)
                .collect(Collectors.toMap(Measurement::round, Measurement::value));
    }

    private List<Measurement> of(String scenario) {
        return measurements.stream()
                .filter(one -> one.scenario().equals(scenario))
                .toList();
    }

    private static Optional<Spread> spread(Map<Integer, Double> rounds) {
        return rounds.isEmpty() ? Optional.empty() : Optional.of(Spread.of(List.copyOf(rounds.values())));
    }
}
