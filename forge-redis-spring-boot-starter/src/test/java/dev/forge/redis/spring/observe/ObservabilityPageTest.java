package dev.forge.redis.spring.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** docs/observability.md beside a scrape of a service that uses all of Forge. */
class ObservabilityPageTest {

    private static final Path DOCS = Path.of("..", "docs");

    /** A row of a table of meters: its name, its type, and its name in Prometheus. */
    private static final Pattern ROW =
            Pattern.compile("^\\| `((?:forge|cache)\\.[\\w.-]+)` \\| `(\\w+)`", Pattern.MULTILINE);

    private static ConfigurableApplicationContext service;
    private static PrometheusMeterRegistry registry;

    @BeforeAll
    static void use() {
        service = ObservedService.start(0);
        registry = service.getBean(PrometheusMeterRegistry.class);
        ObservedService.use(service);
        // Observers are notified after callers, and of a second use every meter has been made.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> registry.scrape().contains("forge_session_operations_total"));
        ObservedService.use(service);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void everyMeterInTheDocumentationIsInAScrape() throws IOException {
        String scrape = registry.scrape();

        assertThat(documented()).hasSizeGreaterThan(20);
        assertThat(documented().values())
                .allSatisfy(name -> assertThat(scrape).containsPattern("(?m)^" + name + "(_bucket|_count|_sum|)?[{ ]"));
    }

    @Test
    void everyMeterInAScrapeIsInTheDocumentation() throws IOException {
        Set<String> made = registry.getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .filter(name -> name.startsWith("forge.") || name.startsWith("cache."))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented().keySet()).isEqualTo(made);
    }

    @Test
    void everyTagInAScrapeIsInTheDocumentation() throws IOException {
        String page = page();

        for (Meter meter : registry.getMeters()) {
            String name = meter.getId().getName();
            if (name.startsWith("forge.") || name.startsWith("cache.")) {
                String row = page.lines()
                        .filter(line -> line.startsWith("| `" + name + "`"))
                        .findFirst()
                        .orElseThrow();
                assertThat(meter.getId().getTags())
                        .allSatisfy(tag -> assertThat(row).contains("`" + tag.getKey() + "`"));
            }
        }
    }

    @Test
    void noMeterOfOneNameHasOtherTags() {
        Map<String, Set<Set<String>>> keys = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            Set<String> tags = new TreeSet<>();
            meter.getId().getTags().forEach(tag -> tags.add(tag.getKey()));
            keys.computeIfAbsent(meter.getId().getName(), name -> new HashSet<>())
                    .add(tags);
        }

        assertThat(keys).containsKey("forge.redis.command");
        assertThat(keys.entrySet())
                .filteredOn(each ->
                        each.getKey().startsWith("forge.") || each.getKey().startsWith("cache."))
                .allSatisfy(each -> assertThat(each.getValue()).hasSize(1));
    }

    @Test
    void noTagHoldsAKeyASubjectOrASession() {
        MeterRegistry meters = registry;

        assertThat(meters.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(tag -> tag.getValue())
                .doesNotContain("1", "ada", "missing")
                .noneMatch(value -> value.startsWith("names::"));
    }

    @Test
    void everyAlertLeadsToAParagraphOfTheRunbook() throws IOException {
        String rules = Files.readString(DOCS.resolve("observability/alerts.yml"));
        String runbook = Files.readString(DOCS.resolve("operations.md"));
        Set<String> alerts = found(rules, "alert: (\\w+)");

        assertThat(alerts).hasSizeGreaterThan(5);
        assertThat(found(rules, "runbook: .*operations\\.md#([\\w-]+)"))
                .isEqualTo(alerts.stream()
                        .map(alert -> alert.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()));
        assertThat(alerts).allSatisfy(alert -> assertThat(runbook).contains("### " + alert + "\n"));
    }

    @Test
    void rulesAndDashboardUseDocumentedMetersOnly() throws IOException {
        Set<String> names = new TreeSet<>(documented().values());
        for (String file : new String[] {"alerts.yml", "dashboard.json"}) {
            Set<String> used =
                    found(Files.readString(DOCS.resolve("observability/" + file)), "\\b((?:forge|cache)_\\w+)\\b");
            used.remove("cache_manager");

            assertThat(used)
                    .isNotEmpty()
                    .allSatisfy(name ->
                            assertThat(names).contains(name.replaceAll("_seconds_(count|sum|max)$", "_seconds")));
        }
    }

    private static Set<String> found(String text, String pattern) {
        Set<String> all = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            all.add(matcher.group(1));
        }
        return all;
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> all = new TreeMap<>();
        Matcher row = ROW.matcher(page());
        while (row.find()) {
            all.put(row.group(1), row.group(2));
        }
        return all;
    }

    private static String page() throws IOException {
        return Files.readString(DOCS.resolve("observability.md"));
    }
}
