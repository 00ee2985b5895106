package dev.forge.cli.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A temporary directory on the target's file system, removed by {@link #close()} or an interrupt.
 *
 * <p>After an interrupt, a shutdown hook runs while the main thread continues. Steps and the hook therefore exclude
 * one another: the hook waits for the current step, and no step runs after the hook.
 *
 * <p>What a killed forge has left is removed by the next one. Its name is one that no user would choose, it holds a marker, and
 * its owner is the current user: a directory of the user's, or of another one, is never taken for it.
 */
final class Staging implements AutoCloseable {
    private static final String PREFIX = ".forge-staging-";
    private static final Pattern NAME = Pattern.compile(Pattern.quote(PREFIX) + "([0-9a-f]{8})-[0-9a-f]{16}");
    private static final String MARKER = ".forge-staging";
    private static final byte[] MARK =
            "A temporary directory of forge init. The next forge init removes it.\n".getBytes(UTF_8);

    private final Path root;
    private final Thread hook = new Thread(this::abandon, "forge-staging");
    private boolean abandoned;

    private Staging(Path root) {
        this.root = root;
    }

    static Staging in(Path directory) throws IOException {
        removeAbandoned(directory);
        String unique = "%08x-%016x".formatted(ProcessHandle.current().pid(), System.nanoTime());
        Staging staging = new Staging(directory.resolve(PREFIX + unique));
        try {
            // Before the directory exists, so that the hook removes it whenever the process is interrupted.
            Runtime.getRuntime().addShutdownHook(staging.hook);
        } catch (IllegalStateException e) {
            throw interrupted();
        }
        try {
            staging.step(() -> {
                Files.createDirectory(staging.root);
                Files.write(staging.root.resolve(MARKER), MARK, StandardOpenOption.CREATE_NEW);
            });
        } catch (IOException e) {
            staging.close();
            throw e;
        }
        return staging;
    }

    /** Removes what a killed forge has left in {@code directory}, as far as this user may. */
    private static void removeAbandoned(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.filter(Staging::isAbandoned).toList()) {
                deleteTree(entry);
            }
        } catch (IOException e) {
            // It may be another user's. It does no harm: its name is never used again.
        }
    }

    /** Whether {@code path} is the temporary directory of a forge of this user that no longer runs. */
    static boolean isAbandoned(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        return name.matches()
                && Files.isDirectory(path, NOFOLLOW_LINKS)
                && ProcessHandle.of(Long.parseLong(name.group(1), 16)).isEmpty()
                && isMarked(path)
                && isOwn(path);
    }

    private static boolean isMarked(Path directory) {
        Path marker = directory.resolve(MARKER);
        try {
            return Files.isRegularFile(marker, NOFOLLOW_LINKS)
                    && Files.size(marker) == MARK.length
                    && Arrays.equals(Files.readAllBytes(marker), MARK);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Java does not say who the current user is, whose name may be unknown in a container; the owner of a new file
     * does.
     */
    private static boolean isOwn(Path directory) {
        try {
            Path file = Files.createTempFile("forge", null);
            try {
                return Files.getOwner(directory, NOFOLLOW_LINKS).equals(Files.getOwner(file));
            } finally {
                Files.delete(file);
            }
        } catch (UnsupportedOperationException e) {
            // The file system knows no owners.
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    Path root() {
        return root;
    }

    /** Writes the {@code paths} of {@code files} below {@code directory}: the staging directory or one below it. */
    void write(Path directory, SortedMap<String, byte[]> files, Set<String> paths) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!paths.contains(file.getKey())) {
                continue;
            }
            step(() -> {
                Path path = inside(directory, file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue(), StandardOpenOption.CREATE_NEW);
            });
        }
    }

    /** Runs {@code step} as a whole, unless the process has been interrupted. */
    synchronized void step(Step step) throws IOException {
        if (abandoned) {
            throw interrupted();
        }
        step.run();
    }

    /** A part of the work that an interrupt cannot split. */
    interface Step {
        void run() throws IOException;
    }

    @Override
    public synchronized void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook runs, and has nothing left to do.
        }
        try {
            deleteTree(root);
        } catch (IOException e) {
            // The work has succeeded or failed already. The next forge removes the directory.
        }
    }

    private synchronized void abandon() {
        abandoned = true;
        try {
            deleteTree(root);
        } catch (IOException e) {
            // It is too late to report this; the directory's name shows that it is from forge.
        }
    }

    /** {@code path} below {@code directory}. Paths are validated earlier; this is the last line of defence. */
    static Path inside(Path directory, String path) {
        Path resolved = directory.resolve(path).normalize();
        if (!resolved.startsWith(directory) || resolved.equals(directory)) {
            throw new IllegalArgumentException("path must stay inside the project, but was " + path);
        }
        return resolved;
    }

    private static InterruptedIOException interrupted() {
        return new InterruptedIOException("interrupted");
    }

    /** The marker goes last, so that the rest of a tree whose removal is stopped is still known. */
    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Path marker = root.resolve(MARKER);
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(marker)) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (directory.equals(root)) {
                    Files.deleteIfExists(marker);
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
