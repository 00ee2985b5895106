package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Results;
import dev.forge.benchmarks.measure.Spread;
import dev.forge.benchmarks.peer.Library;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A target of Forge for one metric.
 *
 * @param row the row of the design that sets it
 * @param scenario the workload
 * @param metric the metric
 * @param comparison how to combine the numbers of Forge and of {@code against}
 * @param against the library to compare with
 * @param floor the worst acceptable value: the least, or the most if less is better
 * @param goal the desired value, if better than the floor
 */
record Goal(
        String row,
        String scenario,
        Metric metric,
        Comparison comparison,
        Library against,
        double floor,
        OptionalDouble goal) {

    /** The verdict on a row that misses its floor. */
    static final String BELOW = "BELOW THE FLOOR";

    /** How to combine two numbers. */
    enum Comparison {
        /** The quotient. */
        RATIO,
        /** The difference, Forge minus the other. */
        DIFFERENCE,
        /** The number of Forge alone. */
        VALUE
    }

    static Goal ratio(String row, String scenario, Metric metric, Library against, double floor, double goal) {
        return new Goal(row, scenario, metric, Comparison.RATIO, against, floor, OptionalDouble.of(goal));
    }

    static Goal ratio(String row, String scenario, Metric metric, Library against, double floor) {
        return new Goal(row, scenario, metric, Comparison.RATIO, against, floor, OptionalDouble.empty());
    }

    static Goal difference(String row, String scenario, Metric metric, Library against, double floor) {
        return new Goal(row, scenario, metric, Comparison.DIFFERENCE, against, floor, OptionalDouble.empty());
    }

    static Goal value(String row, String scenario, Metric metric, double floor) {
        return new Goal(row, scenario, metric, Comparison.VALUE, Library.FORGE, floor, OptionalDouble.empty());
    }

    static Goal value(String row, String scenario, Metric metric, double floor, double goal) {
        return new Goal(row, scenario, metric, Comparison.VALUE, Library.FORGE, floor, OptionalDouble.of(goal));
    }

    /** Returns the measured value; empty if there is none. */
    Optional<Spread> measured(Results results) {
        return switch (comparison) {
            case RATIO -> results.ratio(scenario, Library.FORGE, against, metric);
            case DIFFERENCE -> results.difference(scenario, Library.FORGE, against, metric);
            case VALUE -> results.values(scenario, Library.FORGE, metric);
        };
    }

    /** Returns the verdict on the median. */
    String verdict(Spread measured) {
        if (!reaches(measured, floor)) {
            return BELOW;
        }
        boolean isGoal = goal.isPresent() && reaches(measured, goal.getAsDouble());
        return isGoal ? "goal reached" : "floor reached";
    }

    /** Returns the description of the comparison. */
    String what() {
        return switch (comparison) {
            case RATIO -> metric.title() + ", ratio to " + against.title();
            case DIFFERENCE -> metric.title() + ", more than " + against.title();
            case VALUE -> metric.title();
        };
    }

    /** Returns {@code bound} with the sign of its better side. */
    String bound(double bound) {
        return (metric.moreIsBetter() ? ">= " : "<= ") + Spread.number(bound, decimals());
    }

    int decimals() {
        return comparison == Comparison.RATIO ? 2 : metric.decimals();
    }

    private boolean reaches(Spread measured, double bound) {
        return metric.moreIsBetter() ? measured.median() >= bound : measured.median() <= bound;
    }
}
