package dev.forge.benchmarks.measure;

import java.util.List;
import java.util.Locale;

/** The median, minimum and maximum of some numbers. */
public record Spread(double median, double min, double max) {

    /** Returns the spread of {@code values}, of which there is at least one. */
    public static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** Returns the median with {@code decimals} decimals. */
    public String median(int decimals) {
        return number(median, decimals);
    }

    /** Returns the median and, in brackets, the minimum and the maximum. */
    public String text(int decimals) {
        return "%s (%s..%s)".formatted(number(median, decimals), number(min, decimals), number(max, decimals));
    }

    /** Returns {@code value} with {@code decimals} decimals. */
    public static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
