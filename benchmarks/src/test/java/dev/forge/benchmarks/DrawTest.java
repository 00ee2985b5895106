package dev.forge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.forge.benchmarks.measure.Metric;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Draws a small recorded result: some peers and three rounds of G2, G3 and G4. */
class DrawTest {
    private static final Path RECORDED = Path.of("src/test/resources/recorded");
    private static final String THREADS = "get, 64 threads";

    @TempDir
    private Path folder;

    @BeforeEach
    void drawsWithoutMeasuring() throws IOException {
        copyNumbers(RECORDED, folder);

        assertThat(draw(folder)).isZero();
    }

    @Test
    void writesTheTablesOfTheRecordedRun() throws IOException {
        String tables = Files.readString(folder.resolve("tables.md"));

        assertThat(tables).contains("Redis 6.2.11", "| G1 ", "not measured: needs taskset");
        assertThat(tables.lines().filter(line -> line.startsWith("| G2") && line.contains("| " + THREADS)))
                .hasSize(2)
                .allMatch(line -> line.contains("floor reached") || line.contains("goal reached"));
        assertThat(tables).doesNotContain("## G7", "| G7 ");
    }

    @Test
    void drawsOnlyPicturesOfWhichAllWasMeasured() {
        assertThat(folder.resolve("commands.svg")).exists();
        assertThat(folder.resolve("features.svg")).doesNotExist();
    }

    @Test
    void aBarIsAsLongAsItsMedianAndTheBestIsOnTop() throws Exception {
        Run run = Run.read(folder);
        List<Double> medians = run.all().peers(THREADS).stream()
                .map(peer -> run.all()
                        .values(THREADS, peer, Metric.OPERATIONS)
                        .orElseThrow()
                        .median())
                .sorted((one, other) -> Double.compare(other, one))
                .toList();

        List<Element> bars = elements(panel("Blocking, 64 threads"), "rect");

        assertThat(bars).hasSameSizeAs(medians);
        double scale = width(bars.get(0)) / medians.get(0);
        for (int place = 0; place < bars.size(); place++) {
            assertThat(width(bars.get(place)) / medians.get(place)).isCloseTo(scale, withPercentage(2));
        }
        assertThat(bars.get(0).getAttribute("class")).isEqualTo("forge");
    }

    @Test
    void noValueReachesTheNextPanel() throws Exception {
        for (Element text : elements(picture().getDocumentElement(), "text")) {
            double widest = Double.parseDouble(text.getAttribute("x")) + 60;
            if (text.getAttribute("class").startsWith("value")) {
                assertThat(widest).as(text.getTextContent()).isLessThanOrEqualTo(404);
            }
        }
    }

    @Test
    void thePictureHasATitleWithItsFindingAndBothSchemes() throws Exception {
        assertThat(picture().getElementsByTagName("title").item(0).getTextContent())
                .matches("Many callers: [0-9.]+ times the gets of Lettuce on 64 threads, [0-9.]+ times .*");
        assertThat(Files.readString(folder.resolve("commands.svg"))).contains("prefers-color-scheme: dark");
    }

    static int draw(Path folder) {
        return Benchmarks.commandLine().execute("--draw", "--output", folder.toString());
    }

    static void copyNumbers(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".tsv")).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private Element panel(String title) throws Exception {
        return elements(picture().getDocumentElement(), "g").stream()
                .filter(panel -> panel.getTextContent().contains(title))
                .findFirst()
                .orElseThrow();
    }

    private Document picture() throws Exception {
        String svg = Files.readString(folder.resolve("commands.svg"));
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .map(Element.class::cast)
                .toList();
    }

    private static double width(Element bar) {
        return Double.parseDouble(bar.getAttribute("width"));
    }
}
