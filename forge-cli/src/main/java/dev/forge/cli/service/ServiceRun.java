package dev.forge.cli.service;

import dev.forge.cli.program.Program;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The service of a project, run by Maven in the foreground.
 *
 * <p>When this process is interrupted, so is the service. This process ends after the service does, after at most 15
 * seconds, so that no service keeps running without a terminal.
 */
public final class ServiceRun {
    /** The command that a user types to do the same. */
    public static final String COMMAND = "mvn spring-boot:test-run";

    private static final int SECONDS_TO_STOP = 15;

    private final Path maven;
    private final Path project;
    private final Port port;
    private final boolean colour;

    private ServiceRun(Path maven, Path project, Port port, boolean colour) {
        this.maven = maven;
        this.project = project;
        this.port = port;
        this.colour = colour;
    }

    /** A run with the Maven that is on {@code searchPath}; empty if there is none. */
    public static Optional<ServiceRun> of(String searchPath, Path project, Port port, boolean colour) {
        return Program.maven(searchPath).map(maven -> new ServiceRun(maven.path(), project, port, colour));
    }

    /**
     * Runs the service until it ends. Blocks.
     *
     * @param out takes what the service prints
     * @param progress takes the progress until the service prints something
     * @return Maven's exit code
     * @throws IOException if Maven cannot be started
     */
    public int run(PrintStream out, PrintStream progress) throws IOException {
        Process process = start();
        MavenOutput output = new MavenOutput(out, progress);
        Thread stop = new Thread(
                () -> {
                    output.stopping();
                    stop(process);
                },
                "forge-stop-service");
        try {
            Runtime.getRuntime().addShutdownHook(stop);
        } catch (IllegalStateException e) {
            // The process is ending already: the hook would never run.
            stop(process);
        }
        output.copy(process.getInputStream());
        int exit = waitFor(process);
        removeHook(stop);
        return exit;
    }

    private Process start() throws IOException {
        // Not -q: Maven would print nothing for minutes while it downloads. MavenOutput filters its output instead.
        ProcessBuilder builder = new ProcessBuilder(maven.toString(), "-B", "spring-boot:test-run")
                .directory(project.toFile())
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("SERVER_PORT", Integer.toString(port.number()));
        builder.environment()
                .put("MANAGEMENT_PORT", Integer.toString(port.management().number()));
        if (colour) {
            // Spring looks for a terminal, but its output is a pipe to this process.
            builder.environment().putIfAbsent("SPRING_OUTPUT_ANSI_ENABLED", "ALWAYS");
        }
        return builder.start();
    }

    /** Ends Maven and the service that it started; kills those that have not ended in time. */
    private static void stop(Process process) {
        List<ProcessHandle> family = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        family.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_STOP);
        for (ProcessHandle member : family) {
            try {
                member.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (Exception e) {
                member.destroyForcibly();
            }
        }
    }

    private static int waitFor(Process process) {
        while (true) {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                // No code interrupts the main thread. If some did, the service would still be running.
                stop(process);
            }
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already.
        }
    }
}
