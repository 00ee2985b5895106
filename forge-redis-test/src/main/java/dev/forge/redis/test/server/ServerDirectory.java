package dev.forge.redis.test.server;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The private directory of one server, and the watchdog that removes both when this JVM closes it or
 * ends in any way. Without a shell there is no watchdog, and the directory is removed by {@link #close}.
 */
final class ServerDirectory implements AutoCloseable {
    private static final int CLOSE_SECONDS = 5;

    private final Path path;
    private final List<Path> alongside;
    private final @Nullable Process watchdog;
    private OptionalLong watched = OptionalLong.empty();

    private ServerDirectory(Path path, List<Path> alongside, @Nullable Process watchdog) {
        this.path = path;
        this.alongside = alongside;
        this.watchdog = watchdog;
    }

    /** Makes the directory; {@code alongside} are files elsewhere that are removed with it. */
    static ServerDirectory create(List<Path> alongside) {
        Path parent = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        try {
            return Shell.isPresent()
                    ? watched(parent, alongside)
                    : new ServerDirectory(Files.createTempDirectory(parent, "forge-redis-"), alongside, null);
        } catch (IOException failure) {
            throw new EmbeddedRedisException(
                    "A directory for the server could not be made in " + parent
                            + ". Check that it exists and is writable, or set the system property java.io.tmpdir.",
                    failure);
        }
    }

    private static ServerDirectory watched(Path parent, List<Path> alongside) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(parent.toString()));
        alongside.forEach(file -> arguments.add(file.toString()));
        // The watchdog makes the directory itself, so that it never exists unwatched.
        Process watchdog = new ProcessBuilder(Shell.detached("watch.sh", arguments))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = watchdog.inputReader()) {
            String directory = output.readLine();
            if (directory == null) {
                throw new IOException("mktemp failed");
            }
            return new ServerDirectory(Path.of(directory), alongside, watchdog);
        } catch (IOException failure) {
            watchdog.destroyForcibly();
            throw failure;
        }
    }

    Path file(String name) {
        return path.resolve(name);
    }

    Path path() {
        return path;
    }

    /** Makes the watchdog end this process before it removes the directory. */
    synchronized void watch(long pid) throws IOException {
        tell(Long.toString(pid));
        watched = OptionalLong.of(pid);
    }

    /** Makes it end no process: the one it watched has ended, and another process may soon have its pid. */
    synchronized void unwatch() {
        watched = OptionalLong.empty();
        try {
            tell("");
        } catch (IOException ignored) { // The watchdog has ended, and cannot end the wrong process.
        }
    }

    synchronized OptionalLong watched() {
        return watched;
    }

    private void tell(String line) throws IOException {
        if (watchdog != null) {
            watchdog.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            watchdog.getOutputStream().flush();
        }
    }

    /** Whether the server ends without {@link #close} when this JVM ends. */
    boolean isWatched() {
        return watchdog != null && watchdog.isAlive();
    }

    /** Removes the directory with its content; waits a bounded time. */
    @Override
    public void close() {
        try {
            if (watchdog != null) {
                watchdog.getOutputStream().close();
                if (!watchdog.waitFor(CLOSE_SECONDS, SECONDS)) {
                    watchdog.destroyForcibly();
                }
            }
        } catch (IOException ignored) { // The pipe ends either way, and that is what the watchdog waits for.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        removeFiles();
    }

    /** Does the watchdog's work if there is none, or if it was killed. */
    private void removeFiles() {
        try (Stream<Path> files = Files.walk(path)) {
            Stream.concat(files.sorted(Comparator.reverseOrder()), alongside.stream())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException ignored) { // Already removed by another process.
            return;
        }
    }
}
