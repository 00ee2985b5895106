package dev.forge.torture;

import dev.forge.torture.fault.FaultKind;
import java.util.List;
import java.util.Map;

/**
 * The observations of one phase.
 *
 * @param faults the number of faults of each kind
 * @param streams the result of each stream
 * @param overdueMillis by how much the latest call of each stream missed its deadline; negative if it did not
 * @param recoveryMillis the median and the longest time after a fault, and how many were late
 * @param longestStallMillis the longest stall of the JVM
 * @param heapGrowth growth of the heap after a collection, in bytes
 */
record PhaseResult(
        String name,
        long seconds,
        Map<FaultKind, Integer> faults,
        Map<String, Rate> streams,
        Map<String, Long> overdueMillis,
        List<Long> recoveryMillis,
        long longestStallMillis,
        long heapGrowth) {

    /** The steps of one stream in a second, and how its calls ended. */
    record Rate(double wanted, double held, Map<String, Long> outcomes) {}

    int faultCount() {
        return faults.values().stream().mapToInt(Integer::intValue).sum();
    }
}
