package dev.forge.redis.test.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The POSIX shell that launches, watches and signals servers; there is none on Windows. */
final class Shell {
    private static final Path SH = Path.of("/bin/sh");
    private static final List<String> NEW_SESSION = Stream.of("/usr/bin/setsid", "/bin/setsid")
            .filter(path -> Files.isExecutable(Path.of(path)))
            .limit(1)
            .toList();

    private Shell() {}

    static boolean isPresent() {
        return Files.isExecutable(SH);
    }

    /**
     * The command that runs a script of this package in a session of its own where the system can do
     * that (macOS cannot), so that Ctrl-C or a kill of the JVM's process group does not reach it.
     */
    static List<String> detached(String scriptName, List<String> arguments) {
        List<String> command = new ArrayList<>(NEW_SESSION);
        command.addAll(List.of(SH.toString(), "-c", script(scriptName), scriptName));
        command.addAll(arguments);
        return command;
    }

    /** The command that sends a signal, by the shell's own kill: many images have no other. */
    static List<String> signal(String name, long pid) {
        return List.of(SH.toString(), "-c", "kill -s \"$1\" \"$2\"", "signal", name, Long.toString(pid));
    }

    private static String script(String name) {
        try (InputStream resource = Objects.requireNonNull(Shell.class.getResourceAsStream(name), name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
