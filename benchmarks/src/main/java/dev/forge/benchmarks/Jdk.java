package dev.forge.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A JDK on this machine.
 *
 * @param home its directory
 * @param feature 17, 21, 25 and so on
 */
record Jdk(Path home, int feature) {
    private static final Path INSTALLED = Path.of("/usr/lib/jvm");
    private static final String VERSION = "JAVA_VERSION=\"";

    /** The JDK that runs this. */
    static Jdk current() {
        return new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
    }

    /** Reads the version of the JDK in {@code home}; empty if there is none. */
    static Optional<Jdk> at(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(line -> line.startsWith(VERSION))
                    .map(line -> line.substring(VERSION.length(), line.length() - 1))
                    .map(version -> new Jdk(home, Runtime.Version.parse(version).feature()))
                    .filter(jdk -> Files.isExecutable(jdk.java()))
                    .findFirst();
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** The newest of the current JDK and those where Linux distributions install them. */
    static Jdk newest() {
        try (Stream<Path> homes = Files.list(INSTALLED)) {
            return Stream.concat(Stream.of(current()), homes.map(Jdk::at).flatMap(Optional::stream))
                    .max(Comparator.comparingInt(Jdk::feature))
                    .orElseThrow();
        } catch (IOException absent) {
            return current();
        }
    }

    Path java() {
        return home.resolve("bin").resolve("java");
    }
}
