package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.measure.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Properties;
import java.util.stream.Collectors;

/** The head of the report: on what machine, with which versions and when. */
final class Facts {
    private static final String VERSIONS = "versions.properties";

    private Facts() {}

    static String text(Machine machine, Pace pace, Collection<SuiteResult> results) {
        String servers = results.stream().map(SuiteResult::server).distinct().collect(Collectors.joining(", "));
        Table table = new Table("", "");
        table.row("date", LocalDate.now(ZoneId.systemDefault()).toString());
        table.row("CPU", machine.cpu());
        table.row("system", machine.system());
        table.row("JVM options", String.join(" ", SuiteProcess.JVM_OPTIONS));
        table.row("server", servers + ", on loopback, one for each suite");
        Properties versions = versions();
        versions.stringPropertyNames().stream().sorted().forEach(name -> table.row(name, versions.getProperty(name)));
        table.row(
                "pace",
                "%d rounds of %d ms for each peer, after %d ms of warm-up"
                        .formatted(
                                pace.rounds(),
                                pace.round().toMillis(),
                                pace.warmUp().toMillis()));
        table.row("data", "%,d keys, values of %d characters".formatted(Keys.COUNT, Keys.VALUE.length()));
        return "# Benchmarks\n\nWritten by `benchmarks/run`; `benchmarks/README.md` says what the numbers mean.\n\n"
                + table.text();
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
