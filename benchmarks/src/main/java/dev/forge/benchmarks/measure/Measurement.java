package dev.forge.benchmarks.measure;

import dev.forge.benchmarks.peer.Library;

/**
 * One number of one round.
 *
 * @param scenario the name of the workload
 * @param peer the library
 * @param round the number of the round, from 0; numbers of one round belong together
 * @param metric the metric
 * @param value in the unit of the metric
 */
public record Measurement(String scenario, Library peer, int round, Metric metric, double value) {
    private static final String SEPARATOR = "\t";

    /** Returns this as a line that {@link #parse} reads. */
    public String line() {
        return String.join(
                SEPARATOR, scenario, peer.name(), Integer.toString(round), metric.name(), Double.toString(value));
    }

    /** Parses the result of {@link #line}. */
    public static Measurement parse(String line) {
        String[] parts = line.split(SEPARATOR, 5);
        return new Measurement(
                parts[0],
                Library.valueOf(parts[1]),
                Integer.parseInt(parts[2]),
                Metric.valueOf(parts[3]),
                Double.parseDouble(parts[4]));
    }
}
