package dev.forge.benchmarks.measure;

import dev.forge.benchmarks.peer.Library;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All rounds of one metric of one peer in one workload, as one line of text: workload, peer, metric, then the values of
 * round 0, 1 and so on.
 *
 * <p>Values have ten significant digits. A round without a value has an empty field.
 */
public record Series(String scenario, Library peer, Metric metric, List<String> values) {
    private static final String SEPARATOR = "\t";
    private static final MathContext DIGITS = new MathContext(10);

    /** Copies the list. */
    public Series {
        values = List.copyOf(values);
    }

    /** Puts the numbers of each workload, peer and metric together, in the order in which they first appear. */
    public static List<Series> of(Results results) {
        Map<Series, List<String>> all = new LinkedHashMap<>();
        for (Measurement one : results.measurements()) {
            Series key = new Series(one.scenario(), one.peer(), one.metric(), List.of());
            List<String> values = all.computeIfAbsent(key, none -> new ArrayList<>());
            while (values.size() <= one.round()) {
                values.add("");
            }
            values.set(one.round(), text(one.value()));
        }
        return all.entrySet().stream()
                .map(entry -> new Series(
                        entry.getKey().scenario(),
                        entry.getKey().peer(),
                        entry.getKey().metric(),
                        entry.getValue()))
                .toList();
    }

    /** Returns this as a line that {@link #parse} reads. */
    public String line() {
        return String.join(SEPARATOR, scenario, peer.name(), metric.name(), String.join(SEPARATOR, values));
    }

    /** Parses the result of {@link #line}. */
    public static Series parse(String line) {
        List<String> parts = List.of(line.split(SEPARATOR, -1));
        return new Series(
                parts.get(0),
                Library.valueOf(parts.get(1)),
                Metric.valueOf(parts.get(2)),
                parts.subList(3, parts.size()));
    }

    /** Returns the numbers, one for each round that has a value. */
    public Stream<Measurement> measurements() {
        return IntStream.range(0, values.size())
                .filter(round -> !values.get(round).isEmpty())
                .mapToObj(
                        round -> new Measurement(scenario, peer, round, metric, Double.parseDouble(values.get(round))));
    }

    private static String text(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }
}
