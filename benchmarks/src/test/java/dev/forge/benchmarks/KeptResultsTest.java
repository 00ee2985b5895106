package dev.forge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.benchmarks.picture.Picture;
import dev.forge.benchmarks.picture.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kept results, what is drawn from them, and the page that shows them agree. */
class KeptResultsTest {
    private static final Path RESULTS = Path.of("results");
    private static final Path PAGE = Path.of("../docs/benchmarks.md");

    @TempDir
    private Path temporary;

    @Test
    void tablesAndPicturesAreThoseOfTheKeptNumbers() throws IOException {
        DrawTest.copyNumbers(RESULTS, temporary);

        DrawTest.draw(temporary);

        try (Stream<Path> drawn = Files.list(temporary)) {
            assertThat(drawn)
                    .hasSizeGreaterThan(
                            Pictures.all().size() + Run.read(RESULTS).results().size())
                    .allSatisfy(file -> assertThat(RESULTS.resolve(file.getFileName()))
                            .as("benchmarks/run --draw writes it")
                            .hasSameTextualContentAs(file));
        }
    }

    @Test
    void thePageShowsEveryPicture() throws IOException {
        assertThat(Files.readString(PAGE))
                .contains(Pictures.all().stream().map(Picture::file).toList());
    }

    @Test
    void thePageSaysWhyARowIsBelowItsFloor() throws IOException {
        String page = Files.readString(PAGE);
        Run run = Run.read(RESULTS);

        assertThat(Goals.all())
                .allSatisfy(goal -> goal.measured(run.all())
                        .filter(measured -> goal.verdict(measured).equals(Goal.BELOW))
                        .ifPresent(measured -> assertThat(page)
                                .contains("**" + goal.scenario() + ", " + goal.what() + ", "
                                        + measured.text(goal.decimals()) + "**")));
    }
}
