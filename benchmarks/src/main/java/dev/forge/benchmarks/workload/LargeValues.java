package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Peer;
import java.util.List;
import java.util.stream.IntStream;

/** Threads that get large values in a closed loop. */
public final class LargeValues implements Workload {
    private static final int KEYS = 100;

    private final int kibibytes;
    private final int threads;
    private final List<Library> libraries;

    /** Creates a workload with values of {@code kibibytes}. */
    public LargeValues(int kibibytes, int threads, List<Library> libraries) {
        this.kibibytes = kibibytes;
        this.threads = threads;
        this.libraries = libraries;
    }

    @Override
    public String scenario() {
        return "get of " + kibibytes + " KiB, " + ClosedLoop.count(threads);
    }

    @Override
    public void run(Bench bench) {
        int length = kibibytes * 1_024;
        List<String> keys = IntStream.range(0, KEYS)
                .mapToObj(number -> "large:" + kibibytes + ":" + number)
                .toList();
        bench.store(keys, "x".repeat(length));
        bench.compare(scenario(), libraries, Peer.class, threads, (peer, time) -> {
            ClosedLoop.Call call = number ->
                    ClosedLoop.check(peer.get(keys.get((int) (number % KEYS))).length() == length);
            return bench.crew(ClosedLoop.timed(threads, KEYS, call), Thread::new, time)
                    .metrics();
        });
    }
}
