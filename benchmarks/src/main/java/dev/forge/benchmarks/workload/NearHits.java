package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.near.NearPeer;
import java.util.List;

/** Threads that get values from the memory of the process. */
public final class NearHits implements Workload {
    private static final List<Library> LIBRARIES =
            List.of(Library.FORGE, Library.REDISSON, Library.CAFFEINE, Library.JETCACHE);

    private final int threads;

    /** Creates a workload with {@code threads}. */
    public NearHits(int threads) {
        this.threads = threads;
    }

    @Override
    public String scenario() {
        return "near-cache hit, " + ClosedLoop.count(threads);
    }

    @Override
    public void run(Bench bench) {
        bench.compare(
                scenario(),
                LIBRARIES,
                (library, port) -> {
                    NearPeer peer = NearPeer.open(library, port);
                    for (int i = 0; i < Keys.COUNT; i++) {
                        peer.put(Keys.at(i), Keys.VALUE);
                    }
                    return peer;
                },
                (peer, time) -> ClosedLoop.withNanos(
                        threads,
                        bench.crew(
                                ClosedLoop.untimed(
                                        threads,
                                        Keys.COUNT,
                                        number -> ClosedLoop.check(
                                                peer.get(Keys.at(number)).length() == Keys.VALUE.length())),
                                Thread::new,
                                time)));
    }
}
