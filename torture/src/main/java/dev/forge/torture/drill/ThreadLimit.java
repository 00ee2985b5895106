package dev.forge.torture.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A control group that limits how many threads its processes have. Limits of a user ({@code ulimit -u}) do not bind
 * root, under which builds often run.
 */
final class ThreadLimit {

    private static final List<Path> ROOTS = List.of(Path.of("/sys/fs/cgroup/pids"), Path.of("/sys/fs/cgroup"));
    private static final int MOST_REMOVALS = 50;

    private final Path group;

    private ThreadLimit(Path group) {
        this.group = group;
    }

    /** Makes a group, or returns null if that is not possible here. */
    static @Nullable ThreadLimit create() {
        for (Path root : ROOTS) {
            Path group = root.resolve("forge-torture-" + ProcessHandle.current().pid());
            try {
                Files.createDirectory(group);
                if (Files.isWritable(group.resolve("pids.max"))) {
                    return new ThreadLimit(group);
                }
                Files.delete(group);
            } catch (IOException e) {
                // Not available here.
            }
        }
        return null;
    }

    /** Adds a process, with the threads that it has. */
    void add(long pid) throws IOException {
        Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
    }

    /** Allows {@code more} threads than exist now, and no others. */
    void close(int more) throws IOException {
        int now =
                Integer.parseInt(Files.readString(group.resolve("pids.current")).strip());
        Files.writeString(group.resolve("pids.max"), Integer.toString(now + more));
    }

    /** Allows any number of threads. */
    void open() throws IOException {
        Files.writeString(group.resolve("pids.max"), "max");
    }

    /** Removes the group, once its processes have ended. */
    void close() throws InterruptedException {
        for (int i = 0; i < MOST_REMOVALS; i++) {
            try {
                Files.deleteIfExists(group);
                return;
            } catch (IOException e) {
                Thread.sleep(20);
            }
        }
    }
}
