package dev.forge.torture;

import dev.forge.torture.fault.FaultKind;
import java.util.List;
import java.util.Map;

/**
 * What was seen in one phase.
 *
 * @param faults how many of each kind were survived
 * @param streams what each stream did
 * @param overdueMillis by how much the latest call of each stream missed its deadline; negative if it did not
 * @param recoveryMillis the median and the longest time after a fault, and how many were late
 * @param longestStallMillis the longest time for which the JVM stood still
 * @param heapGrowth bytes of heap after a collection, less those of before
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

    /** What one stream did, a second, and how its calls ended. */
    record Rate(double wanted, double held, Map<String, Long> outcomes) {}

    int faultCount() {
        return faults.values().stream().mapToInt(Integer::intValue).sum();
    }
}
