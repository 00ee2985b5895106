package dev.forge.redis.health;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@link dev.forge.redis.RedisManager#diagnoseSync()} found; {@link #toString()} shows it for a terminal.
 *
 * <p>It covers memory limits, permissions, versions with known vulnerabilities, transport security, clocks, and keys
 * without a TTL. It only reads, at most a thousand keys or so, and sends only commands listed in docs/acl.md. When
 * Redis is unavailable the diagnosis is one finding that says so; what could not be checked is a finding too.
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

    /** Returns whether there is a finding of kind {@code code}. */
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
