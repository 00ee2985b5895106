package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.profile.ProfilePeer;
import java.util.List;
import java.util.stream.IntStream;

/** Threads that get objects of a kilobyte from a cache in Redis. */
public final class ProfileHits implements Workload {
    private static final List<Library> FASTEST =
            List.of(Library.LETTUCE, Library.FORGE, Library.JEDIS, Library.SPRING_CACHE);
    private static final List<Library> ALL = List.of(
            Library.LETTUCE, Library.FORGE, Library.JEDIS, Library.SPRING_CACHE, Library.REDISSON, Library.JETCACHE);
    private static final List<String> IDS =
            IntStream.range(0, Keys.COUNT).mapToObj(Integer::toString).toList();

    private final int threads;
    private final List<Library> libraries;

    private ProfileHits(int threads, List<Library> libraries) {
        this.threads = threads;
        this.libraries = libraries;
    }

    /** Returns a workload with {@code threads} for every peer. */
    public static ProfileHits ofAll(int threads) {
        return new ProfileHits(threads, ALL);
    }

    /** Returns a workload with {@code threads} for the peers that compete for the first place. */
    public static ProfileHits ofFastest(int threads) {
        return new ProfileHits(threads, FASTEST);
    }

    @Override
    public String scenario() {
        return "cache-aside hit of 1 KiB JSON, " + ClosedLoop.count(threads);
    }

    @Override
    public void run(Bench bench) {
        bench.compare(
                scenario(),
                libraries,
                (library, port) -> {
                    ProfilePeer peer = ProfilePeer.open(library, port, threads);
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
