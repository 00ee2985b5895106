package dev.forge.redis.test.server;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A redis-server or valkey-server that is proven to run on this machine, and its version. Internal. */
public record ServerBinary(Path path, String version) {
    /** The property that chooses the server: a path, or {@code bundled}. */
    public static final String PROPERTY = "forge.redis.test.server";

    private static final String BUNDLED = "bundled";
    private static final List<String> NAMES = List.of("redis-server", "valkey-server");
    private static final Pattern VERSION = Pattern.compile("\\bv=(\\d+\\.[0-9A-Za-z.-]+)");
    private static final int VERSION_SECONDS = 5;
    private static final int BUSY_ATTEMPTS = 50;

    private static final ConcurrentMap<String, ServerBinary> FOUND = new ConcurrentHashMap<>();

    /** The server that the property names, else the first on the PATH that runs, else the bundled one. */
    public static ServerBinary find() {
        String choice = System.getProperty(PROPERTY, "");
        // The file may be gone: cleaners of temporary files remove what has not been used for some days.
        return FOUND.compute(
                choice, (key, known) -> known != null && Files.isExecutable(known.path) ? known : search(key));
    }

    private static ServerBinary search(String choice) {
        if (choice.equals(BUNDLED)) {
            return bundled();
        }
        if (choice.isEmpty()) {
            return onPath().orElseGet(ServerBinary::bundled);
        }
        try {
            return check(Path.of(choice).toAbsolutePath());
        } catch (IOException | InvalidPathException failure) {
            throw new EmbeddedRedisException(
                    "The server that the system property " + PROPERTY + " names does not run: " + failure.getMessage()
                            + ". Set it to the path of a redis-server or valkey-server, or to " + BUNDLED + ".",
                    failure);
        }
    }

    private static Optional<ServerBinary> onPath() {
        for (Path candidate :
                candidates(Optional.ofNullable(System.getenv("PATH")).orElse(""))) {
            try {
                return Optional.of(check(candidate));
            } catch (IOException failure) {
                System.getLogger(ServerBinary.class.getName())
                        .log(
                                Level.WARNING,
                                "The server found on the PATH does not run: {0}. The next one is tried, and at last"
                                        + " the bundled one; the system property {1}={2} chooses that at once.",
                                failure.getMessage(),
                                PROPERTY,
                                BUNDLED);
            }
        }
        return Optional.empty();
    }

    private static List<Path> candidates(String path) {
        String suffix = File.separatorChar == '\\' ? ".exe" : "";
        return NAMES.stream()
                .flatMap(name -> Arrays.stream(path.split(Pattern.quote(File.pathSeparator), -1))
                        .flatMap(ServerBinary::absolute)
                        .map(directory -> directory.resolve(name + suffix)))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .toList();
    }

    /** Empty for an entry that depends on the working directory, or that is not a path. */
    private static Stream<Path> absolute(String entry) {
        try {
            return Stream.of(Path.of(entry)).filter(Path::isAbsolute);
        } catch (InvalidPathException notAPath) {
            return Stream.empty();
        }
    }

    private static ServerBinary bundled() {
        BundledServer server = BundledServer.here()
                .orElseThrow(() ->
                        new EmbeddedRedisException("No Redis server was found: neither " + String.join(" nor ", NAMES)
                                + " is on the PATH, and none is bundled for " + BundledServer.platform()
                                + ". Install one of them, or set the system property " + PROPERTY + " to its path."));
        try {
            return check(server.extract());
        } catch (IOException failure) {
            throw new EmbeddedRedisException(
                    "The bundled Redis server does not run here: " + failure.getMessage()
                            + ". Install redis-server or valkey-server, or set the system property " + PROPERTY
                            + " to the path of one.",
                    failure);
        }
    }

    /** Runs {@code file --version}, which is the only proof that a server runs. */
    private static ServerBinary check(Path file) throws IOException {
        Process process = startWhenNotBusy(file);
        try {
            if (!process.waitFor(VERSION_SECONDS, SECONDS)) {
                throw new IOException(file + " --version did not end within " + VERSION_SECONDS + " s");
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            Matcher version = VERSION.matcher(output);
            if (process.exitValue() != 0 || !version.find()) {
                throw new IOException(
                        file + " --version answered \"" + output + "\", exit code " + process.exitValue());
            }
            return new ServerBinary(file, version.group(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + file + " --version ran", interrupted);
        } finally {
            process.destroyForcibly();
            process.getInputStream().close();
        }
    }

    /**
     * Starts it once no process has it open for writing. A process that was forked in this JVM while the file was
     * extracted holds a copy of that descriptor until its exec.
     */
    private static Process startWhenNotBusy(Path file) throws IOException {
        ProcessBuilder command = new ProcessBuilder(file.toString(), "--version").redirectErrorStream(true);
        for (int attempt = 1; ; attempt++) {
            try {
                Process process = command.start();
                process.getOutputStream().close();
                return process;
            } catch (IOException failure) {
                if (attempt == BUSY_ATTEMPTS
                        || !String.valueOf(failure.getMessage()).contains("Text file busy")) {
                    throw failure;
                }
                Thread.onSpinWait();
            }
        }
    }

    /** Whether it is of this major version or a later one. */
    boolean isAtLeast(int major) {
        return Integer.parseInt(version.substring(0, version.indexOf('.'))) >= major;
    }
}
