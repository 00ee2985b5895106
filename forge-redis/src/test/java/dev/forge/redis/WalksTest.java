package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The walks of docs/architecture.md: one request each, from the facade down to the socket. */
class WalksTest {

    private static final Path PAGE = Path.of("../docs/architecture.md");
    private static final Pattern STOP = Pattern.compile("\\d+\\. `([\\w.]+)`.*");
    private static final int MOST_STOPS = 10;

    @Test
    void nameFilesThatThereAre() throws IOException {
        Map<String, List<String>> walks = walks();

        assertThat(walks).hasSize(4);
        walks.values().forEach(stops -> assertThat(stops).allMatch(stop -> Files.exists(file(stop))));
    }

    @Test
    void areShortAndVisitNoFileTwice() throws IOException {
        walks().values()
                .forEach(
                        stops -> assertThat(stops).hasSizeBetween(3, MOST_STOPS).doesNotHaveDuplicates());
    }

    @Test
    void goDownThroughTheLayers() throws IOException {
        for (List<String> stops : walks().values()) {
            List<Integer> layers = stops.stream()
                    .filter(stop -> stop.startsWith("redis."))
                    .map(stop -> ArchitectureTest.layerOf("dev.forge." + stop.substring(0, stop.lastIndexOf('.'))))
                    .toList();

            assertThat(layers).as("%s", stops).isSorted();
        }
    }

    private static Map<String, List<String>> walks() throws IOException {
        Map<String, List<String>> walks = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher stop = STOP.matcher(line);
            if (line.startsWith("### Walk: ")) {
                current = new ArrayList<>();
                walks.put(line, current);
            } else if (line.startsWith("#")) {
                current = new ArrayList<>();
            } else if (stop.matches()) {
                current.add(stop.group(1));
            }
        }
        return walks;
    }

    private static Path file(String stop) {
        String module = stop.startsWith("cli.") ? "forge-cli" : "forge-redis";
        return Path.of("..", module, "src/main/java/dev/forge", stop.replace('.', '/') + ".java");
    }
}
