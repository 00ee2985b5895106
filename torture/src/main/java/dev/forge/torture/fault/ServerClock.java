package dev.forge.torture.fault;

import dev.forge.redis.test.EmbeddedRedis;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The wall clock of a server, which can jump: a small C library that is loaded before the others. It needs {@code gcc},
 * and a server that is linked dynamically.
 */
public final class ServerClock implements AutoCloseable {

    private static final String SERVER = "forge.redis.test.server";
    private static final int BUILD_SECONDS = 30;
    private static final Duration TRIED = Duration.ofDays(1);

    private final Path directory;

    private ServerClock(Path directory) {
        this.directory = directory;
    }

    /** Builds and tries one, or reports to {@code why} that it is not available. */
    public static Optional<ServerClock> build(StringBuilder why) {
        try {
            ServerClock clock = new ServerClock(Files.createTempDirectory("forge-torture-clock-"));
            try {
                clock.compile();
                clock.wrap(executable());
                clock.tryOut();
                return Optional.of(clock);
            } catch (IOException | RuntimeException e) {
                clock.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            why.append(e.getMessage());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            why.append("interrupted");
            return Optional.empty();
        }
    }

    /** Starts a server that uses this clock. */
    EmbeddedRedis start(EmbeddedRedis.Builder builder) {
        String before = System.getProperty(SERVER);
        System.setProperty(SERVER, directory.resolve("redis-server").toString());
        try {
            return builder.start();
        } finally {
            if (before == null) {
                System.clearProperty(SERVER);
            } else {
                System.setProperty(SERVER, before);
            }
        }
    }

    /** Sets the offset of the clock from that of the machine. */
    void set(Duration offset) {
        try (FileChannel file =
                FileChannel.open(directory.resolve("offset"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putLong(offset.toMillis())
                    .flip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compile() throws IOException, InterruptedException {
        Path source = directory.resolve("clock.c");
        try (InputStream code = ServerClock.class.getResourceAsStream("clock.c")) {
            if (code == null) {
                throw new IOException("clock.c is missing");
            }
            Files.copy(code, source);
        }
        Process gcc = new ProcessBuilder(
                        "gcc", "-shared", "-fPIC", "-O2", "-o", library().toString(), source.toString(), "-ldl")
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        if (!gcc.waitFor(BUILD_SECONDS, TimeUnit.SECONDS) || gcc.exitValue() != 0) {
            gcc.destroyForcibly();
            throw new IOException("gcc cannot build it");
        }
    }

    /** Creates a command that runs the server with the library. */
    private void wrap(String server) throws IOException {
        set(Duration.ZERO);
        Path command = directory.resolve("redis-server");
        Files.writeString(
                command,
                String.join(
                        "\n",
                        List.of(
                                "#!/bin/sh",
                                "export FORGE_CLOCK='" + directory.resolve("offset") + "'",
                                "export LD_PRELOAD='" + library() + "'",
                                "exec '" + server + "' \"$@\"",
                                "")));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
    }

    private void tryOut() {
        try (EmbeddedRedis redis = start(EmbeddedRedis.builder())) {
            set(TRIED);
            long seconds =
                    Long.parseLong(redis.command("TIME").lines().findFirst().orElse("0"));
            set(Duration.ZERO);
            if (Math.abs(seconds - TRIED.toSeconds() - System.currentTimeMillis() / 1_000) > 60) {
                throw new IllegalStateException("the server does not use it");
            }
        }
    }

    /** Returns the path of the server here, from INFO. */
    private static String executable() {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            return redis.command("INFO", "server")
                    .lines()
                    .filter(line -> line.startsWith("executable:"))
                    .findFirst()
                    .map(line -> line.substring("executable:".length()).strip())
                    .orElseThrow(() -> new IllegalStateException("INFO of the server does not have its path"));
        }
    }

    private Path library() {
        return directory.resolve("clock.so");
    }
}
