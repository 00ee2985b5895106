package dev.forge.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ProgramTest {
    private static final Program SHELL = new Program(Path.of("/bin/sh"));

    @TempDir
    Path directory;

    @Test
    void returnsTheExitCodeAndAllOutput() throws IOException {
        ProgramResult result = run("cat; echo error >&2; exit 3", "given", Duration.ofSeconds(20));

        assertThat(result).isEqualTo(new ProgramResult(3, "givenerror\n"));
    }

    @Test
    void waitsNeitherForInputThatIsNotReadNorForOutputOfAProcessLeftBehind() throws IOException {
        ProgramResult result = run("sleep 20 & echo done", "x".repeat(1 << 20), Duration.ofSeconds(10));

        assertThat(result).isEqualTo(new ProgramResult(0, "done\n"));
    }

    @Test
    void stopsAProgramThatTakesTooLong() {
        assertThatThrownBy(() -> run("sleep 300", "", Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("it took longer than 1 seconds");

        assertThat(ProcessHandle.current().descendants().filter(ProgramTest::isOurSleep))
                .isEmpty();
    }

    private static boolean isOurSleep(ProcessHandle process) {
        return process.isAlive()
                && List.of(process.info().arguments().orElse(new String[0])).contains("300");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "warning~fatal: no space~more|no space",
                "[INFO] a~[ERROR] ~[ERROR] no network~[ERROR] -> [Help 1]|no network",
                "first~last~|last",
                "''|exit code 1",
            })
    void saysWhyInTheWordsOfTheProgram(String output, String reason) {
        assertThat(new ProgramResult(1, output.replace('~', '\n')).reason()).isEqualTo(reason);
    }

    private ProgramResult run(String script, String input, Duration most) throws IOException {
        return SHELL.run(new Program.Call(directory, List.of("-c", script), input, Set.of(), most));
    }
}
