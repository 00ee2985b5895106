package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Results;
import dev.forge.benchmarks.measure.Spread;
import dev.forge.benchmarks.peer.Library;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What Forge has to reach in one respect.
 *
 * @param row the row of the design that says so
 * @param scenario the work
 * @param metric what is looked at
 * @param comparison how the number of Forge and the one of {@code against} become one
 * @param against whom to compare with
 * @param floor the least that is good enough, or the most where less is better
 * @param goal where it should end, if that is more than the floor
 */
record Goal(
        String row,
        String scenario,
        Metric metric,
        Comparison comparison,
        Library against,
        double floor,
        OptionalDouble goal) {

    /** How two numbers become one. */
    enum Comparison {
        /** The quotient. */
        RATIO,
        /** What Forge has more. */
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

    /** Returns what was measured, or nothing if nobody did. */
    Optional<Spread> measured(Results results) {
        return switch (comparison) {
            case RATIO -> results.ratio(scenario, Library.FORGE, against, metric);
            case DIFFERENCE -> results.difference(scenario, Library.FORGE, against, metric);
            case VALUE -> results.values(scenario, Library.FORGE, metric);
        };
    }

    /** Returns the judgement on the median. */
    String verdict(Spread measured) {
        if (!reaches(measured, floor)) {
            return "BELOW THE FLOOR";
        }
        boolean isGoal = goal.isPresent() && reaches(measured, goal.getAsDouble());
        return isGoal ? "goal reached" : "floor reached";
    }

    /** Returns what is compared, for people. */
    String what() {
        return switch (comparison) {
            case RATIO -> metric.title() + ", ratio to " + against.title();
            case DIFFERENCE -> metric.title() + ", more than " + against.title();
            case VALUE -> metric.title();
        };
    }

    /** Returns {@code bound} with the sign that says on which side of it is better. */
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
