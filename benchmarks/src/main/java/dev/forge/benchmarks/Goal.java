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
 * @param comparison how to combine numbers
 * @param floor the worst acceptable value: the least, or the most if less is better
 * @param goal the desired value, if better than the floor
 */
record Goal(String row, String scenario, Metric metric, Comparison comparison, double floor, OptionalDouble goal) {

    /** The verdict on a row that misses its floor. */
    static final String BELOW = "BELOW THE FLOOR";

    /** How to combine two numbers. */
    enum Way {
        /** The quotient. */
        RATIO,
        /** The difference, Forge minus the other. */
        DIFFERENCE,
        /** The number of Forge alone. */
        VALUE
    }

    /**
     * What is compared.
     *
     * @param way how to combine the numbers of both
     * @param forge Forge, with its defaults or other settings
     * @param against the library to compare with
     */
    record Comparison(Way way, Library forge, Library against) {}

    static Goal ratio(String row, String scenario, Metric metric, Library against, double floor, double goal) {
        return new Goal(row, scenario, metric, to(Way.RATIO, against), floor, OptionalDouble.of(goal));
    }

    static Goal ratio(String row, String scenario, Metric metric, Library against, double floor) {
        return new Goal(row, scenario, metric, to(Way.RATIO, against), floor, OptionalDouble.empty());
    }

    static Goal difference(String row, String scenario, Metric metric, Library against, double floor, double goal) {
        return new Goal(row, scenario, metric, to(Way.DIFFERENCE, against), floor, OptionalDouble.of(goal));
    }

    static Goal difference(String row, String scenario, Metric metric, Library against, double floor) {
        return new Goal(row, scenario, metric, to(Way.DIFFERENCE, against), floor, OptionalDouble.empty());
    }

    static Goal value(String row, String scenario, Metric metric, double floor, double goal) {
        return new Goal(row, scenario, metric, to(Way.VALUE, Library.FORGE), floor, OptionalDouble.of(goal));
    }

    static Goal value(String row, String scenario, Metric metric, double floor) {
        return new Goal(row, scenario, metric, to(Way.VALUE, Library.FORGE), floor, OptionalDouble.empty());
    }

    private static Comparison to(Way way, Library against) {
        return new Comparison(way, Library.FORGE, against);
    }

    /** Returns the same target for {@code forge}, which has other settings than the defaults. */
    Goal of(Library forge) {
        Comparison other = new Comparison(comparison.way(), forge, comparison.against());
        return new Goal(row, scenario, metric, other, floor, goal);
    }

    /** Returns the measured value; empty if there is none. */
    Optional<Spread> measured(Results results) {
        return switch (comparison.way()) {
            case RATIO -> results.ratio(scenario, comparison.forge(), comparison.against(), metric);
            case DIFFERENCE -> results.difference(scenario, comparison.forge(), comparison.against(), metric);
            case VALUE -> results.values(scenario, comparison.forge(), metric);
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
        Library forge = comparison.forge();
        String what = metric.title() + (forge == Library.FORGE ? "" : " of " + forge.title());
        return switch (comparison.way()) {
            case RATIO -> what + ", ratio to " + comparison.against().title();
            case DIFFERENCE -> what + ", more than " + comparison.against().title();
            case VALUE -> what;
        };
    }

    /** Returns {@code bound} with the sign of its better side. */
    String bound(double bound) {
        return (metric.moreIsBetter() ? ">= " : "<= ") + Spread.number(bound, decimals());
    }

    int decimals() {
        return comparison.way() == Way.RATIO ? 2 : metric.decimals();
    }

    private boolean reaches(Spread measured, double bound) {
        return metric.moreIsBetter() ? measured.median() >= bound : measured.median() <= bound;
    }
}
