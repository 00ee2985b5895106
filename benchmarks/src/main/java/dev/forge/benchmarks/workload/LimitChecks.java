package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Worker;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.limit.LimitPeer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Threads that check a rate limit in a closed loop, always allowed or always denied. */
public final class LimitChecks implements Workload {
    private static final List<Library> FASTEST =
            List.of(Library.LETTUCE, Library.FORGE, Library.FORGE_FIXED, Library.JEDIS, Library.JEDIS_BUCKET);
    private static final List<Library> LIMITERS =
            List.of(Library.LETTUCE, Library.FORGE, Library.FORGE_WINDOW, Library.REDISSON, Library.BUCKET4J);
    private static final int ENOUGH = 1_000_000;

    private final String scenario;
    private final int threads;
    private final List<String> subjects;
    private final boolean admitted;
    private final List<Library> libraries;

    private LimitChecks(String work, int threads, int subjects, boolean admitted, List<Library> libraries) {
        String who = subjects == 1 ? "one hot subject" : subjects + " subjects";
        this.scenario = work + ", " + ClosedLoop.count(threads) + ", " + who;
        this.threads = threads;
        this.subjects =
                IntStream.range(0, subjects).mapToObj(i -> "subject" + i).toList();
        this.admitted = admitted;
        this.libraries = libraries;
    }

    /** Returns a workload in which every check is allowed. */
    public static LimitChecks admitted(int threads, int subjects) {
        return new LimitChecks("limit check", threads, subjects, true, LIMITERS);
    }

    /** Returns the same for the peers that compete for the first place. */
    public static LimitChecks admittedByFastest(int threads, int subjects) {
        return new LimitChecks("limit check", threads, subjects, true, FASTEST);
    }

    /** Returns a workload in which every check is denied. */
    public static LimitChecks refused(int threads, int subjects) {
        return new LimitChecks("refusal", threads, subjects, false, LIMITERS);
    }

    @Override
    public String scenario() {
        return scenario;
    }

    @Override
    public void run(Bench bench) {
        bench.compare(
                scenario,
                libraries,
                this::open,
                (peer, time) -> bench.crew(workers(peer), Thread::new, time).metrics());
    }

    private LimitPeer open(Library library, int port) {
        LimitPeer peer = admitted
                ? LimitPeer.open(library, port, threads, ENOUGH, Duration.ofSeconds(1))
                : LimitPeer.open(library, port, threads, 1, Duration.ofHours(1));
        if (!admitted) {
            subjects.forEach(peer::tryAcquire);
        }
        return peer;
    }

    private List<Worker> workers(LimitPeer peer) {
        ClosedLoop.Call call =
                number -> ClosedLoop.check(peer.tryAcquire(subjects.get((int) (number % subjects.size()))) == admitted);
        // A refusal may take no longer than reading the clock.
        return admitted
                ? ClosedLoop.timed(threads, subjects.size(), call)
                : ClosedLoop.untimed(threads, subjects.size(), call);
    }
}
