package dev.forge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ForgeTest {
    @TempDir
    Path directory;

    @Test
    void printsItsHelp() {
        CommandRun run = CommandRun.in(directory);

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .startsWith("Usage: forge ")
                .contains("init", "features", "completion")
                .endsWith("\n");
        assertThat(CommandRun.in(directory, "--help").out()).isEqualTo(run.out());
    }

    @Test
    void printsItsVersion() {
        assertThat(CommandRun.in(directory, "--version").out()).matches("forge \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
    }

    @Test
    void listsTheFeatures() {
        assertThat(CommandRun.in(directory, "features").out().lines())
                .hasSize(3)
                .allMatch(line -> line.contains("--no-"));
        assertThat(new JsonMapper()
                        .readTree(CommandRun.in(directory, "features", "--json").out())
                        .get("features")
                        .valueStream()
                        .map(feature -> feature.get("id").asString()))
                .containsExactly("redis", "worker", "docker");
    }

    @Test
    void printsACompletionScript() {
        String script = CommandRun.in(directory, "completion").out();

        assertThat(script)
                .contains(
                        "--package",
                        "complete -F",
                        "--no-redis",
                        "--no-worker",
                        "--no-docker",
                        "--no-git",
                        "--wrapper");
        assertThat(script).containsPattern("(?s)--ci.*github.*gitlab.*none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "init", "features", "completion", "help"})
    void helpIsACommandToo(String command) {
        CommandRun help =
                command.isEmpty() ? CommandRun.in(directory, "help") : CommandRun.in(directory, "help", command);
        CommandRun option =
                command.isEmpty() ? CommandRun.in(directory, "--help") : CommandRun.in(directory, command, "--help");

        assertThat(help).isEqualTo(option);
    }

    @Test
    void showsTheStackTraceOfAFailureOnlyWhenAsked() {
        assertThat(CommandRun.in(directory, "init", "..").err()).doesNotContain("\tat ");
        assertThat(CommandRun.in(directory, "init", "..", "--debug").err()).contains("\tat dev.forge.cli");
        assertThat(CommandRun.in(directory, "--debug", "init", "..").err()).contains("\tat dev.forge.cli");
    }
}
