package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that the tests exist which the pages with promises name. */
class PromisesPageTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+)(?:[.#](\\w+))?`");

    /** A row of a table that has a column named test. */
    private record Row(String promise, String tests) {}

    @ParameterizedTest
    @CsvSource({
        "docs/promises.md, 25",
        "docs/cache.md, 8",
        "docs/near-cache.md, 7",
        "docs/sessions.md, 8",
        "docs/spring-cache.md, 7",
        "docs/values-and-json.md, 4"
    })
    void everyPromiseNamesExistingTests(String page, int fewest) throws IOException {
        Map<String, String> sources = testSources();

        List<Row> rows = rows(Files.readAllLines(ROOT.resolve(page)));

        assertThat(rows).hasSizeGreaterThanOrEqualTo(fewest);
        assertThat(rows).allSatisfy(row -> {
            List<MatchResult> named = NAME.matcher(row.tests()).results().toList();
            assertThat(named).as("the tests of: %s", row.promise()).isNotEmpty();
            assertThat(named).allSatisfy(test -> assertNamed(test, sources));
        });
    }

    @Test
    void aRowWithoutATestIsFound() {
        List<Row> rows = rows(List.of("| promise | test |", "|---|---|", "| kept | |", "", "| other | column |"));

        assertThat(rows).containsExactly(new Row("kept", ""));
    }

    private static void assertNamed(MatchResult test, Map<String, String> sources) {
        String source = sources.get(test.group(1));
        assertThat(source).as("the test class %s", test.group(1)).isNotNull().contains("Test");
        if (test.group(2) != null) {
            assertThat(source).as("the method of %s", test.group()).contains(" " + test.group(2) + "(");
        }
    }

    private static List<Row> rows(List<String> page) {
        List<Row> rows = new ArrayList<>();
        int tests = -1;
        boolean inTable = false;
        for (String line : page) {
            // A vertical bar within a column is escaped.
            List<String> cells =
                    Stream.of(line.split("(?<!\\\\)\\|", -1)).map(String::strip).toList();
            if (!line.startsWith("|")) {
                inTable = false;
            } else if (!inTable) {
                inTable = true;
                tests = cells.indexOf("test");
            } else if (tests >= 0 && !cells.get(1).startsWith("---")) {
                rows.add(new Row(cells.get(1), cells.get(tests)));
            }
        }
        return rows;
    }

    /** The sources of all test classes of all modules, by their simple names. */
    private static Map<String, String> testSources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(PromisesPageTest::filesIn)
                    .filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            PromisesPageTest::read,
                            (one, other) -> one + other));
        }
    }

    private static Stream<Path> filesIn(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
