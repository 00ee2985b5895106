package dev.forge.redis.health;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@link dev.forge.redis.RedisManager#diagnose()} found; {@link #toString()} is made to be read in a terminal.
 *
 * @param findings the worst first
 */
public record Diagnosis(List<Finding> findings) {

    /** Sorts the findings. */
    public Diagnosis {
        findings = findings.stream()
                .sorted(Comparator.comparing(Finding::severity)
                        .reversed()
                        .thenComparing(Finding::code)
                        .thenComparing(Finding::what))
                .toList();
    }

    /** Returns whether anything of kind {@code code} was found. */
    public boolean has(Finding.Code code) {
        return findings.stream().anyMatch(finding -> finding.code() == code);
    }

    @Override
    public String toString() {
        return findings.isEmpty()
                ? "nothing found"
                : findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
    }
}
