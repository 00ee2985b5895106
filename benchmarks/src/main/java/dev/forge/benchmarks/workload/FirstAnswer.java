package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Peer;
import dev.forge.benchmarks.peer.Target;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A process that connects, makes one get, and prints the time that this took and its memory. */
final class FirstAnswer {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private FirstAnswer() {}

    /** Takes the name of the library and the port of the server. */
    public static void main(String[] arguments) throws IOException {
        long begin = System.nanoTime();
        Target target = Target.server(Integer.parseInt(arguments[1]));
        try (Peer peer = Library.valueOf(arguments[0]).open(target, 1)) {
            int length = peer.get(Keys.FIRST).length();
            double millis = (System.nanoTime() - begin) / 1e6;
            Answers.check(1, length);
            Optional<Double> resident = residentMebibytes(); // Before the beans of the next line are loaded.
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            print(Metric.STARTED, millis);
            resident.ifPresent(mebibytes -> print(Metric.RESIDENT, mebibytes));
            print(Metric.THREADS, threads);
        }
    }

    private static void print(Metric metric, double value) {
        System.out.println(metric.name() + " " + value);
    }

    private static Optional<Double> residentMebibytes() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return Optional.empty();
        }
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith(RESIDENT))
                .map(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst();
    }
}
