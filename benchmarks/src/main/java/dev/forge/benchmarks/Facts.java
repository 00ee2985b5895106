package dev.forge.benchmarks;

import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.measure.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** What a run is measured on: machine, versions, date. */
final class Facts {
    /** The property with the commit that is measured, which the launcher sets. */
    private static final String COMMIT = "forge.commit";

    private static final String VERSIONS = "versions.properties";

    private Facts() {}

    /** Returns the facts by their names, in the order in which they are shown. */
    static Map<String, String> of(Machine machine, Pace pace, Collection<SuiteResult> results) {
        String servers = results.stream().map(SuiteResult::server).distinct().collect(Collectors.joining(", "));
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDate.now(ZoneId.systemDefault()).toString());
        facts.put("commit", System.getProperty(COMMIT, "unknown"));
        facts.put("CPU", machine.cpu());
        facts.put("system", machine.system());
        facts.put("load before", machine.load());
        facts.put("server", "Redis " + servers + ", on loopback, one for each suite");
        facts.put("JVM options", String.join(" ", SuiteProcess.JVM_OPTIONS));
        Properties versions = versions();
        for (String name : versions.stringPropertyNames().stream().sorted().toList()) {
            facts.put(name, versions.getProperty(name));
        }
        facts.put("pace", pace(pace));
        facts.put("data", "%,d keys, values of %d characters".formatted(Keys.COUNT, Keys.VALUE.length()));
        return facts;
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
