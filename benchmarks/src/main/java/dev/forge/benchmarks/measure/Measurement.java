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
public record Measurement(String scenario, Library peer, int round, Metric metric, double value) {}
