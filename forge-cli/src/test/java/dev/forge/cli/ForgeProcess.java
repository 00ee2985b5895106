package dev.forge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process with its output in files, because no thread would read a pipe while the process is interrupted. */
record ForgeProcess(Process process, Path out, Path err) {
    /** Starts {@code java -jar forge.jar} with {@code arguments}. */
    static ForgeProcess jar(Path directory, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1", "-jar", jar().toString()));
        command.addAll(List.of(arguments));
        return start(directory, environment, command);
    }

    static ForgeProcess start(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("forge", ".out");
        Path err = Files.createTempFile("forge", ".err");
        ProcessBuilder builder = new ProcessBuilder(Signals.deliveredTo(command))
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        return new ForgeProcess(builder.start(), out, err);
    }

    /** Waits until it ends, at most {@code seconds}. */
    int exit(int seconds) throws Exception {
        try {
            assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
                    .as("ended within %s s", seconds)
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return process.exitValue();
    }

    void signal(String name) throws Exception {
        Signals.send(name, process);
    }

    String output() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    String errors() throws IOException {
        return Files.readString(err, StandardCharsets.UTF_8);
    }

    static Path jar() {
        return Path.of(System.getProperty("forge.jar", "target/forge.jar")).toAbsolutePath();
    }

    static Path root() {
        return Path.of(System.getProperty("forge.root", "..")).toAbsolutePath().normalize();
    }

    static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }
}
