package dev.forge.redis.test.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShellTest {
    static Stream<List<String>> newSessions() {
        return Shell.NEW_SESSIONS.stream().filter(way -> Files.isExecutable(Path.of(way.get(0))));
    }

    /** Ctrl-C in a terminal goes to the process group of the JVM, and must not end a server before its clients. */
    @ParameterizedTest
    @MethodSource("newSessions")
    @EnabledOnOs(OS.LINUX)
    void startsAProgramInASessionOfItsOwnUnderTheSamePid(List<String> way) throws IOException {
        List<String> command = new ArrayList<>(way);
        command.addAll(List.of("/bin/sh", "-c", "cat /proc/$$/stat"));

        Process program = new ProcessBuilder(command).start();
        String stat = new String(program.getInputStream().readAllBytes(), UTF_8);

        // Pid, name, state, parent, process group, session.
        String pid = Long.toString(program.pid());
        String[] fields = stat.split(" ", -1);
        assertThat(List.of(fields[0], fields[4], fields[5])).containsOnly(pid);
    }
}
