package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.peer.Library;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process for each round and peer: the time from {@code main} to the first reply, and its memory then. */
public final class StartUp implements Workload {
    private static final List<Library> LIBRARIES =
            List.of(Library.LETTUCE, Library.FORGE, Library.JEDIS_DEFAULT, Library.REDISSON, Library.SPRING);
    private static final long LONGEST_SECONDS = 60;

    @Override
    public String scenario() {
        return "start to first answer";
    }

    @Override
    public void run(Bench bench) {
        List<Library> libraries = bench.participants(LIBRARIES);
        // The first start of each peer reads its jars from disk, later ones from the cache of the system.
        libraries.forEach(library -> start(library, bench));
        for (int round = 0; round < bench.pace().rounds(); round++) {
            for (Library library : libraries) {
                bench.record(scenario(), library, round, start(library, bench));
            }
        }
    }

    private static Map<Metric, Double> start(Library library, Bench bench) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseG1GC", "-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(
                FirstAnswer.class.getName(),
                library.name(),
                Integer.toString(bench.server().port())));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    throw new IllegalStateException(library.title() + " did not start");
                }
                return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new IllegalStateException(library.title() + " did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The start was interrupted", e);
        }
    }

    private static Map<Metric, Double> parse(String output) {
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        output.lines()
                .map(line -> line.split(" ", 2))
                .forEach(parts -> metrics.put(Metric.valueOf(parts[0]), Double.valueOf(parts[1])));
        return metrics;
    }
}
