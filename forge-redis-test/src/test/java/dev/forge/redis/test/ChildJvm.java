package dev.forge.redis.test;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.embedded.Redis;

/** A child JVM with only this module, its tests and the bundled servers on its class path. */
public final class ChildJvm implements AutoCloseable {
    private static final int END_SECONDS = 30;

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    public static Launch of(Class<?> main, Path temporaryDirectory) {
        return new Launch(main, temporaryDirectory);
    }

    /** The next line that it prints; blocks until there is one. */
    public String readLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the JVM has ended");
        }
        return line;
    }

    /** Waits until it ends, and returns all it has printed since. */
    public String readAll() throws IOException, InterruptedException {
        String text = output.lines().collect(Collectors.joining("\n"));
        if (!process.waitFor(END_SECONDS, SECONDS)) {
            throw new IOException("the JVM does not end");
        }
        return text;
    }

    /** Ends its standard input. */
    public void release() throws IOException {
        process.getOutputStream().close();
    }

    /** Asks it to end (SIGTERM). */
    public void terminate() {
        process.destroy();
    }

    /** Kills it (SIGKILL). */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits, and returns whether it is still alive afterwards. */
    public boolean runsFor(Duration duration) throws InterruptedException {
        return !process.waitFor(duration.toMillis(), MILLISECONDS);
    }

    public Stream<ProcessHandle> children() {
        return process.children();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
        output.close();
    }

    /** What to start. */
    public static final class Launch {
        private final Class<?> main;
        private final List<String> properties = new ArrayList<>();
        private final List<Path> classPath = new ArrayList<>(
                List.of(location(EmbeddedRedis.class), location(ChildJvm.class), location(Redis.class)));
        private final Map<String, String> environment = new HashMap<>();

        private Launch(Class<?> main, Path temporaryDirectory) {
            this.main = main;
            property("java.io.tmpdir", temporaryDirectory.toString());
        }

        public Launch property(String name, String value) {
            properties.add("-D" + name + "=" + value);
            return this;
        }

        public Launch environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        public Launch classPath(List<Path> more) {
            classPath.addAll(more);
            return this;
        }

        public ChildJvm start(String... arguments) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx64m"));
            command.addAll(properties);
            command.add("-cp");
            command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
            command.add(main.getName());
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            return new ChildJvm(builder.start());
        }

        private static Path location(Class<?> type) {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().getPath());
        }
    }
}
