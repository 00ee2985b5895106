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

/** The POSIX shell that launches, watches and signals servers; there is none on Windows. */
final class Shell {
    private static final Path SH = Path.of("/bin/sh");
    /** The ways to start a program in a session of its own. macOS has no setsid, but Perl. */
    static final List<List<String>> NEW_SESSIONS = List.of(
            List.of("/usr/bin/setsid"),
            List.of("/bin/setsid"),
            List.of("/usr/bin/perl", "-e", "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or die;"));

    private static final List<String> NEW_SESSION =
            NEW_SESSIONS.stream().filter(Shell::isExecutable).findFirst().orElse(List.of());

    private Shell() {}

    static boolean isPresent() {
        return Files.isExecutable(SH);
    }

    /**
     * The command that runs a script of this package in a session of its own where the system can do that, so that Ctrl-C or a kill of the
     * JVM's process group does not reach it.
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

    private static boolean isExecutable(List<String> command) {
        return Files.isExecutable(Path.of(command.get(0)));
    }

    private static String script(String name) {
        try (InputStream resource = Objects.requireNonNull(Shell.class.getResourceAsStream(name), name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
