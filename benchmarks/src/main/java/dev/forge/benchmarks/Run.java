package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run has measured, and where; it can be kept as a folder of text files.
 *
 * @param facts machine, versions and pace, and by the name of a suite the reason why it was not measured
 * @param results in the order of the suites
 */
record Run(Map<String, String> facts, Map<Suite, SuiteResult> results) {
    private static final String FACTS = "facts.tsv";
    private static final String NUMBERS = ".tsv";
    private static final String SEPARATOR = "\t";

    /** Copies both. */
    Run {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    }

    /** Returns why there are no numbers of {@code suite}; empty if it was measured, or not requested. */
    Optional<String> reason(Suite suite) {
        return Optional.ofNullable(facts.get(suite.name()));
    }

    /** Returns the numbers of all suites. */
    Results all() {
        return new Results(results.values().stream()
                .flatMap(result -> result.results().measurements().stream())
                .toList());
    }

    /** Writes the files of this run to {@code folder}, in place of those of an earlier one. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>();
        facts.forEach((name, value) -> lines.add(name + SEPARATOR + value));
        Files.write(folder.resolve(FACTS), lines);
        for (Suite suite : Suites.all()) {
            Path file = folder.resolve(suite.name() + NUMBERS);
            SuiteResult result = results.get(suite);
            if (result == null) {
                Files.deleteIfExists(file);
            } else {
                result.write(file);
            }
        }
    }

    /** Reads what {@link #write} has written. */
    static Run read(Path folder) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        for (String line : Files.readAllLines(folder.resolve(FACTS))) {
            String[] parts = line.split(SEPARATOR, 2);
            facts.put(parts[0], parts[1]);
        }
        Map<Suite, SuiteResult> results = new LinkedHashMap<>();
        for (Suite suite : Suites.all()) {
            Path file = folder.resolve(suite.name() + NUMBERS);
            if (Files.exists(file)) {
                results.put(suite, SuiteResult.read(file));
            }
        }
        return new Run(facts, results);
    }
}
