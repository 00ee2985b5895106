package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.profile.ProfilePeer;
import java.util.List;
import java.util.stream.IntStream;

/** Threads that get objects of a kilobyte from a cache in Redis. */
public final class ProfileHits implements Workload {
    private static final List<Library> LIBRARIES =
            List.of(Library.LETTUCE, Library.FORGE, Library.REDISSON, Library.SPRING_CACHE, Library.JETCACHE);
    private static final List<String> IDS =
            IntStream.range(0, Keys.COUNT).mapToObj(Integer::toString).toList();

    private final int threads;

    /** Creates a workload with {@code threads}. */
    public ProfileHits(int threads) {
        this.threads = threads;
    }

    @Override
    public String scenario() {
        return "cache-aside hit of 1 KiB JSON, " + threads + " threads";
    }

    @Override
    public void run(Bench bench) {
        bench.compare(
                scenario(),
                LIBRARIES,
                (library, port) -> {
                    ProfilePeer peer = ProfilePeer.open(library, port);
                    IDS.forEach(peer::get);
                    return peer;
                },
                (peer, time) -> bench.crew(
                                ClosedLoop.timed(threads, Keys.COUNT, number -> {
                                    int id = (int) (number % Keys.COUNT);
                                    ClosedLoop.check(peer.get(IDS.get(id)).id() == id);
                                }),
                                Thread::new,
                                time)
                        .metrics());
    }
}
