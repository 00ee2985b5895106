package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Tally;
import dev.forge.benchmarks.measure.Worker;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.bulk.BulkPeer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One thread gets many values at once, in a closed loop; each key counts as a call. */
public final class BulkLookup implements Workload {
    private static final List<Library> LIBRARIES = List.of(Library.LETTUCE, Library.FORGE, Library.JEDIS);

    private final int keys;

    /** Creates a workload of {@code keys} keys at once. */
    public BulkLookup(int keys) {
        this.keys = keys;
    }

    @Override
    public String scenario() {
        return "get of " + keys + " keys at once";
    }

    @Override
    public void run(Bench bench) {
        List<List<String>> batches = IntStream.range(0, Keys.COUNT)
                .mapToObj(first -> IntStream.range(first, first + keys)
                        .mapToObj(i -> "bulk:" + i % Keys.COUNT)
                        .toList())
                .toList();
        List<String> all = batches.stream().flatMap(List::stream).distinct().toList();
        bench.compare(
                scenario(),
                LIBRARIES,
                (library, port) -> {
                    BulkPeer peer = BulkPeer.open(library, port);
                    peer.store(all, Keys.VALUE);
                    return peer;
                },
                (peer, time) -> {
                    List<Worker> workers = ClosedLoop.timed(
                            1,
                            1,
                            number -> Answers.check(keys, peer.lengths(batches.get((int) (number % batches.size())))));
                    return perKey(bench.crew(workers, Thread::new, time));
                });
    }

    private Map<Metric, Double> perKey(Tally tally) {
        Map<Metric, Double> metrics = tally.metrics();
        metrics.computeIfPresent(Metric.OPERATIONS, (metric, value) -> value * keys);
        Stream.of(Metric.CPU, Metric.ALLOCATED, Metric.READS)
                .forEach(each -> metrics.computeIfPresent(each, (metric, value) -> value / keys));
        return metrics;
    }
}
