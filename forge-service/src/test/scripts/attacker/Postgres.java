package attacker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** A real PostgreSQL, whose processes can be killed and frozen. Not thread-safe. */
final class Postgres implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    static {
        // It reports each step, and as an error that a server which was killed cannot be stopped.
        ((Logger) LoggerFactory.getLogger("io.zonky")).setLevel(Level.OFF);
    }

    private final Path data;
    private final int port = Service.freePort();
    private EmbeddedPostgres server;

    /** Starts it with an empty database; its files are in {@code data}, which remains. */
    Postgres(Path data) throws IOException {
        this.data = data;
        server = start();
    }

    /** For JDBC, with the name of the user. No password is asked for. */
    String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    /** As a machine that loses its power: no process ends by itself. */
    void kill() throws Exception {
        List<ProcessHandle> processes = processes();
        signal("KILL", processes);
        Await.until("the end of PostgreSQL", LIMIT, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Starts it after {@link #kill()}, on the same port and the same files. */
    void restart() throws IOException {
        server.close(); // It finds no process, and lets go of the files.
        server = start();
    }

    /** Connections stay open, new ones are accepted by the kernel, and none gets an answer. */
    void freeze() throws Exception {
        signal("STOP", processes());
    }

    void thaw() throws Exception {
        signal("CONT", processes());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private EmbeddedPostgres start() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(LIMIT)
                .start();
    }

    /** The first one starts all others, and so is first: stopped, it starts none. */
    private List<ProcessHandle> processes() throws IOException {
        try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
            ProcessHandle first = ProcessHandle.of(Long.parseLong(lines.findFirst().orElseThrow().trim()))
                    .orElseThrow(() -> new IOException("PostgreSQL does not run"));
            return Stream.concat(Stream.of(first), first.descendants()).toList();
        }
    }

    private static void signal(String signal, List<ProcessHandle> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(process -> command.add(String.valueOf(process.pid())));
        new ProcessBuilder(command).inheritIO().start().waitFor(); // Some may have ended by themselves.
    }
}
