package dev.forge.benchmarks.measure;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The work of all threads of one round.
 *
 * @param operations the calls of each thread
 * @param nanos from their common start until the last of them had ended
 * @param latencies of all calls that were timed
 */
public record Tally(List<Long> operations, long nanos, Latencies latencies, Meter.Cost cost) {

    /** Returns the calls of thread {@code worker} in a second. */
    public double perSecond(int worker) {
        return operations.get(worker) * 1e9 / nanos;
    }

    /** Returns the numbers that every round of calls has. */
    public Map<Metric, Double> metrics() {
        double calls = operations.stream().mapToLong(Long::longValue).sum();
        Map<Metric, Double> metrics = latencyMetrics();
        metrics.put(Metric.OPERATIONS, calls * 1e9 / nanos);
        metrics.put(Metric.CPU, cost.cpuNanos() / calls / 1_000);
        metrics.put(Metric.ALLOCATED, cost.allocatedBytes() / calls);
        metrics.put(Metric.READS, cost.serverReads() / calls);
        return metrics;
    }

    /** Returns only the latencies of the calls that were timed. */
    public Map<Metric, Double> latencyMetrics() {
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        if (latencies.count() > 0) {
            metrics.put(Metric.P50, latencies.micros(0.5));
            metrics.put(Metric.P99, latencies.micros(0.99));
            metrics.put(Metric.MAX, latencies.maxMicros());
        }
        return metrics;
    }
}
