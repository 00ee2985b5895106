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
 * The machine that the numbers come from.
 *
 * @param jdk the JDK that runs the suites
 * @param newestJdk the JDK for suites that need a newer one
 * @param load the load average over a minute before the first suite
 */
record Machine(Jdk jdk, Jdk newestJdk, String load) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path STATUS = Path.of("/proc/self/status");

    static Machine current(Jdk newestJdk) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return new Machine(Jdk.current(), newestJdk, load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load));
    }

    /** The model of the processor, and the number of CPUs that this process may use. */
    String cpu() {
        return field(CPU_INFO, "model name").orElse(System.getProperty("os.arch")) + ", "
                + Runtime.getRuntime().availableProcessors() + " CPUs";
    }

    String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version");
    }

    /** A command prefix that binds a process and its children to one CPU; empty if that is not possible here. */
    Optional<List<String>> pinning() {
        // The last allowed CPU, because the first serves most interrupts.
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
