package dev.forge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.cli.failure.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that docs/cli.md shows the help as it is printed. */
class DocumentationTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "init", "features", "completion", "help"})
    void showsTheHelpOfEveryCommand(String command) throws IOException {
        CommandRun help =
                command.isEmpty() ? CommandRun.in(directory, "--help") : CommandRun.in(directory, command, "--help");

        assertThat(page()).contains("```text\n" + help.out() + "```\n");
    }

    @ParameterizedTest
    @EnumSource(Exit.class)
    void explainsEveryExitCode(Exit exit) throws IOException {
        assertThat(page()).contains("| " + exit.code() + " |");
    }

    @Test
    void showsTheErrorThatIsPrinted() throws IOException {
        assertThat(page()).contains(CommandRun.in(directory, "init", "My Shop").err());
    }

    private static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("forge.root", ".."), "docs/cli.md"));
    }
}
