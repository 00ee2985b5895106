package dev.forge.torture;

import dev.forge.torture.check.Violations;
import dev.forge.torture.fault.FaultKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The report of a run, as JSON and as text. */
record Report(long seed, List<PhaseResult> phases, int logLines, int mostInTenSeconds, Violations violations) {

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("seed", seed);
        all.put("faults", faults());
        all.put("violations", violations.count());
        all.put("violationsByPromise", violations.counts());
        all.put("cases", violations.details());
        all.put("skipped", violations.skipped());
        all.put("logLines", logLines);
        all.put("mostLogLinesInTenSeconds", mostInTenSeconds);
        all.put("phases", phases);
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "# Torture, seed %d: %d faults, %d violations", seed, faults(), violations.count());
        for (PhaseResult phase : phases) {
            line(text, "%n## %s: %d faults in %d s%n", phase.name(), phase.faultCount(), phase.seconds());
            line(text, "| stream | wanted/s | held/s | latest past its deadline, ms | how calls ended |");
            line(text, "|---|---:|---:|---:|---|");
            phase.streams()
                    .forEach((name, rate) -> line(
                            text,
                            "| %s | %.1f | %.1f | %s | %s |",
                            name,
                            rate.wanted(),
                            rate.held(),
                            phase.overdueMillis().getOrDefault(name, 0L),
                            words(rate.outcomes())));
            line(
                    text,
                    "%nRecovery: median %d ms, longest %d ms, late %d. Longest stall of the JVM %d ms. Heap after GC %+d KiB.",
                    phase.recoveryMillis().get(0),
                    phase.recoveryMillis().get(1),
                    phase.recoveryMillis().get(2),
                    phase.longestStallMillis(),
                    phase.heapGrowth() / 1024);
        }
        Map<FaultKind, Integer> kinds = new TreeMap<>();
        phases.forEach(phase -> phase.faults().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum)));
        line(text, "%n## Faults survived%n%n%s", words(kinds));
        line(text, "%nLog: %d lines, at most %d in ten seconds.", logLines, mostInTenSeconds);
        violations.skipped().forEach(what -> line(text, "%nSkipped: %s.", what));
        line(text, "%n## Violations: %d%n", violations.count());
        violations.counts().forEach((promise, count) -> {
            line(text, "- %s: %d", promise, count);
            violations.details().getOrDefault(promise, List.of()).forEach(each -> line(text, "  - %s", each));
        });
        return text.toString();
    }

    int faults() {
        return phases.stream().mapToInt(PhaseResult::faultCount).sum();
    }

    private static String words(Map<?, ?> counts) {
        return String.join(
                ", ",
                counts.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .toList());
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
