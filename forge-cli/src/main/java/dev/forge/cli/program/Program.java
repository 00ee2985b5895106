package dev.forge.cli.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program of this machine: the one that a shell would run.
 *
 * @param path where it is
 */
public record Program(Path path) {
    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final int MOST_OUTPUT = 1 << 20;
    private static final Duration TO_STOP = Duration.ofSeconds(5);
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

    /** The {@code mvn} on {@code searchPath}; empty if there is none. */
    public static Optional<Program> maven(String searchPath) {
        return first(searchPath, WINDOWS ? List.of("mvn.cmd", "mvn.bat") : List.of("mvn"));
    }

    /** The {@code git} on {@code searchPath}; empty if there is none. */
    static Optional<Program> git(String searchPath) {
        return first(searchPath, WINDOWS ? List.of("git.exe") : List.of("git"));
    }

    private static Optional<Program> first(String searchPath, List<String> names) {
        return Arrays.stream(searchPath.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .flatMap(directory -> in(directory, names))
                .findFirst();
    }

    private static Stream<Program> in(String directory, List<String> names) {
        try {
            Path path = Path.of(directory);
            return names.stream()
                    .map(path::resolve)
                    .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                    .map(Program::new);
        } catch (InvalidPathException e) {
            return Stream.empty();
        }
    }

    /** A call of the program: {@code input} is what it reads, {@code withoutVariables} is kept from it. */
    record Call(Path directory, List<String> arguments, String input, Set<String> withoutVariables, Duration most) {}

    /**
     * Runs the program to its end, for at most as long as the call allows. Blocks. If this process ends meanwhile, the
     * program is stopped.
     *
     * @throws IOException if the program cannot be started, or is stopped because it takes too long
     */
    ProgramResult run(Call call) throws IOException {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(call.arguments());
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(call.directory().toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeAll(call.withoutVariables());
        Process process = builder.start();
        Thread stop = new Thread(() -> kill(process), "forge-stop-program");
        try {
            Runtime.getRuntime().addShutdownHook(stop);
        } catch (IllegalStateException e) {
            // This process is ending already.
            kill(process);
        }
        try {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            Thread reader = new Thread(() -> read(process.getInputStream(), output), "forge-program-output");
            reader.setDaemon(true);
            reader.start();
            feed(process.getOutputStream(), call.input().getBytes(UTF_8));
            if (!process.waitFor(call.most().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("it took longer than " + call.most().toSeconds() + " seconds");
            }
            // A process that it has left in the background may hold its output open.
            reader.join(LAST_OUTPUT.toMillis());
            synchronized (output) {
                return new ProgramResult(process.exitValue(), output.toString(UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("it was interrupted", e);
        } finally {
            kill(process);
            removeHook(stop);
        }
    }

    /** What the program does not read is lost, as in a pipe of a shell. */
    private static void feed(OutputStream in, byte[] input) {
        try (in) {
            in.write(input);
        } catch (IOException e) {
            // It has ended without reading all of it: its exit code tells why.
        }
    }

    private static void read(InputStream in, ByteArrayOutputStream output) {
        byte[] buffer = new byte[8192];
        try {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                synchronized (output) {
                    output.write(buffer, 0, Math.min(length, MOST_OUTPUT - output.size()));
                }
            }
        } catch (IOException e) {
            // The process was stopped.
        }
    }

    /** Stops the process and waits: Git and Maven remove their temporary files when they are told to end. */
    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            try {
                process.onExit().get(TO_STOP.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                process.destroyForcibly();
            }
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is ending already.
        }
    }
}
