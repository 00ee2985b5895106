package dev.forge.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.cli.project.Combinations;
import dev.forge.cli.project.RenderedProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A manifest that was edited by hand, or that an attacker wrote: a clear error, and nothing is touched. */
class UntrustedManifestTest {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final RenderedProject PROJECT = Combinations.renderSmall(Set.of());

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../victim",
                "src/../../victim",
                "/tmp/victim",
                "/",
                "",
                " ",
                ".",
                "..",
                "a//b",
                "a/",
                "a/./b",
                "a/ /b",
                "..\\\\victim",
                "C:/victim",
                "a:stream",
                ".git/config",
                ".GIT/config",
                ".git",
                "a\\u0000b",
                "a\\nb"
            })
    void refusesAPathThatIsNotOfAProject(String path) throws Exception {
        Trees.write(directory, Map.of("victim", "", "shop/.git/config", ""));

        for (String field : new String[] {"files", "former"}) {
            String other = field.equals("files") ? "" : "\"files\": {}, ";
            String hashes = field.equals("files") ? '"' + EMPTY + '"' : "[\"" + EMPTY + "\"]";
            assertRefused(
                    "{" + other + "\"" + field + "\": {\"" + path + "\": " + hashes + "}}",
                    "no file of a project is at \"");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "<<<<<<< HEAD|an object must begin with { in line 1",
                "{\"files\": {}|a , or } is missing in line 1",
                "{\"files\": {}} x|there is something after the last } in line 1",
                "{}|\"files\" is not an object",
                "[]|an object must begin with { in line 1",
                "{\"files\": []}|\"files\" is not an object",
                "{\"files\": null}|a value is missing in line 1",
                "{\"files\": {\"a\": 1}}|a hash is not 64 hexadecimal digits",
                "{\"files\": {\"a\": \"00\"}}|a hash is not 64 hexadecimal digits",
                "{\"files\": {}, \"former\": {\"a\": \"00\"}}|\"former\" does not hold lists",
                "{\"files\": {}, \"files\": {}}|a name occurs twice in line 1",
                "{\"files\": {\"a\" 1}}|a : is missing in line 1",
                "{\"files\": {a: 1}}|a name in double quotes is missing in line 1",
                "{\"files\": {\"a|a string is not closed in line 1",
                "{\"files\": {\"\\q\": 1}}|an escape is unknown in line 1",
                "{\"files\": {\"\\u00g0\": 1}}|an escape is unknown in line 1",
            })
    void saysWhatIsWrongWithIt(String json, String what) throws Exception {
        assertRefused(json, what);
    }

    @Test
    void isNotOverwhelmedByItsSizeOrItsDepth() throws Exception {
        assertRefused("{\"files\": " + "{\"a\": ".repeat(500_000), "it is nested too deep in line 1");
        assertRefused("{\"files\": {}}" + " ".repeat(5 << 20), "it is larger than 4 MiB");
    }

    @Test
    void isNotReadThroughALink() throws Exception {
        Trees.write(
                directory,
                Map.of("outside/manifest.json", "{\"files\": {\"victim\": \"" + EMPTY + "\"}}", "shop/victim", ""));
        Files.createSymbolicLink(directory.resolve("shop/.forge"), directory.resolve("outside"));

        assertThatThrownBy(() -> writer().write(Overwrite.SAME_PATHS))
                .isInstanceOf(OccupiedException.class)
                .hasMessage("in the way in shop: .forge (a symbolic link)");
        assertThat(directory.resolve("shop/victim")).exists();
    }

    private void assertRefused(String json, String what) throws Exception {
        Trees.write(directory, Map.of("shop/.forge/manifest.json", json, "shop/pom.xml", "mine"));
        Map<String, String> before = Trees.read(directory);

        for (Overwrite overwrite : Overwrite.values()) {
            assertThatThrownBy(() -> writer().write(overwrite))
                    .isInstanceOf(OccupiedException.class)
                    .hasMessageStartingWith(
                            ".forge/manifest.json, which tells forge's files from yours, cannot be read: " + what);
        }
        assertThat(Trees.read(directory)).isEqualTo(before);
    }

    private ProjectWriter writer() {
        return new ProjectWriter(directory.resolve("shop"), PROJECT.files(), PROJECT.leftOut());
    }
}
