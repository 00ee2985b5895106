package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares docs/testing.md with the sources of its examples. */
class TestingPageTest {
    private static final Path PAGE = Path.of("../docs/testing.md");
    private static final Path SOURCES = Path.of("src/test/java/dev/forge/redis/test/documentation");
    private static final Pattern JAVA_BLOCK = Pattern.compile("(?ms)^```java\n(.*?)^```$");
    private static final int EXAMPLES = 11;

    @Test
    void everyExampleIsCodeThatIsCompiledAndRun() throws IOException {
        List<String> examples = JAVA_BLOCK
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
        List<String> sources;
        try (Stream<Path> files = Files.list(SOURCES)) {
            sources = files.map(TestingPageTest::read).toList();
        }

        assertThat(examples).hasSize(EXAMPLES);
        assertThat(examples)
                .allSatisfy(example -> assertThat(sources)
                        .as("sources with the example, word for word:%n%s", example)
                        .anyMatch(source -> withoutIndentation(source).contains(withoutIndentation(example))));
    }

    /** An example is not indented on the page, whatever its indentation in the source. */
    private static String withoutIndentation(String code) {
        return code.lines().map(String::stripLeading).collect(Collectors.joining("\n", "\n", "\n"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
