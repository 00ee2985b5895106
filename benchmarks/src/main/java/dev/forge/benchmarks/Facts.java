package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.measure.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** The head of the report: machine, versions and date. */
final class Facts {
    private static final String VERSIONS = "versions.properties";

    private Facts() {}

    static String text(Machine machine, Pace pace, Collection<SuiteResult> results) {
        String servers = results.stream().map(SuiteResult::server).distinct().collect(Collectors.joining(", "));
        Table table = new Table(List.of("", ""));
        table.row(List.of("date", LocalDate.now(ZoneId.systemDefault()).toString()));
        table.row(List.of("CPU", machine.cpu()));
        table.row(List.of("system", machine.system()));
        table.row(List.of("load before", machine.load()));
        table.row(List.of("server", "Redis " + servers + ", on loopback, one for each suite"));
        table.row(List.of("JVM options", String.join(" ", SuiteProcess.JVM_OPTIONS)));
        Properties versions = versions();
        for (String name : versions.stringPropertyNames().stream().sorted().toList()) {
            table.row(List.of(name, versions.getProperty(name)));
        }
        table.row(List.of("pace", pace(pace)));
        table.row(List.of("data", "%,d keys, values of %d characters".formatted(Keys.COUNT, Keys.VALUE.length())));
        return "# Benchmarks\n\nWritten by `benchmarks/run`; `benchmarks/README.md` says what the numbers mean.\n\n"
                + table.text();
    }

    private static String pace(Pace pace) {
        return "%d rounds of %d ms for each peer, after %d ms of warm-up (%d ms in a new JVM)"
                .formatted(
                        pace.rounds(),
                        pace.round().toMillis(),
                        pace.warmUp().toMillis(),
                        pace.firstWarmUp().toMillis());
    }

    private static Properties versions() {
        Properties versions = new Properties();
        try (InputStream file = Facts.class.getResourceAsStream(VERSIONS)) {
            versions.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The versions of the peers cannot be read", e);
        }
        return versions;
    }
}
