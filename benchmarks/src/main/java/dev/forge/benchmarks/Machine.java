package dev.forge.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the numbers come from.
 *
 * @param jdk what runs the suites
 * @param newestJdk what runs those that need a newer one
 * @param load the processes that were running or waiting to run, in the mean of a minute, before the first suite
 */
record Machine(Jdk jdk, Jdk newestJdk, String load) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path STATUS = Path.of("/proc/self/status");

    static Machine current(Jdk newestJdk) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return new Machine(Jdk.current(), newestJdk, load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load));
    }

    /** The model of the processor and how many of them this process may use. */
    String cpu() {
        return field(CPU_INFO, "model name").orElse(System.getProperty("os.arch")) + ", "
                + Runtime.getRuntime().availableProcessors() + " CPUs";
    }

    String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version");
    }

    /** What to put before a command so that it and its children run on one CPU, or nothing if that cannot be done here. */
    Optional<List<String>> pinning() {
        // The last of those that are allowed: interrupts are mostly served by the first.
        return field(STATUS, "Cpus_allowed_list")
                .map(list -> list.replaceAll(".*[,-]", ""))
                .map(cpu -> List.of("taskset", "-c", cpu))
                .filter(Machine::works);
    }

    private static boolean works(List<String> prefix) {
        try {
            return new ProcessBuilder(Stream.concat(prefix.stream(), Stream.of("true"))
                                    .toList())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Optional<String> field(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
