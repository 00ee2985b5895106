package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Results;
import dev.forge.benchmarks.measure.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The result that the process of a suite passes to the command.
 *
 * @param server the version of the server
 * @param java the version of the JVM
 */
record SuiteResult(String server, String java, Results results) {

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(List.of(server, java));
        Series.of(results).forEach(series -> lines.add(series.line()));
        Files.write(file, lines);
    }

    static SuiteResult read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return new SuiteResult(
                lines.get(0),
                lines.get(1),
                new Results(lines.stream()
                        .skip(2)
                        .map(Series::parse)
                        .flatMap(Series::measurements)
                        .toList()));
    }
}
