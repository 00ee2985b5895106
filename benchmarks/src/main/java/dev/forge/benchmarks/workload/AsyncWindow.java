package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.measure.Latencies;
import dev.forge.benchmarks.measure.Worker;
import dev.forge.benchmarks.peer.AsyncPeer;
import dev.forge.benchmarks.peer.Library;
import java.util.List;
import java.util.concurrent.Future;

/**
 * One thread that keeps a number of gets in flight: it takes the oldest reply, then sends the next get.
 *
 * <p>A latency is the time from sending until the reply is taken.
 */
public final class AsyncWindow implements Workload {
    /** The peers with an async get. */
    static final List<Library> LIBRARIES =
            List.of(Library.LETTUCE, Library.FORGE, Library.LETTUCE_CONSOLIDATED, Library.REDISSON);

    private final int window;
    private final String where;
    private final List<Library> libraries;

    private AsyncWindow(int window, String where, List<Library> libraries) {
        this.window = window;
        this.where = where;
        this.libraries = libraries;
    }

    /** Creates a workload with {@code window} gets in flight. */
    public AsyncWindow(int window) {
        this(window, "", LIBRARIES);
    }

    /** Returns the same, without consolidated flushes; {@code where} is a suffix of the name that starts with a comma. */
    public static AsyncWindow elsewhere(int window, String where) {
        return new AsyncWindow(window, where, List.of(Library.LETTUCE, Library.FORGE, Library.REDISSON));
    }

    @Override
    public String scenario() {
        return "async get, " + window + " in flight" + where;
    }

    @Override
    public void run(Bench bench) {
        bench.compare(scenario(), libraries, AsyncPeer.class, 1, (peer, time) -> {
            Worker worker = (deadline, latencies) -> slide(peer, deadline, latencies);
            return bench.crew(List.of(worker), Thread::new, time).metrics();
        });
    }

    private long slide(AsyncPeer peer, long deadline, Latencies latencies) throws Exception {
        Future<?>[] answers = new Future<?>[window];
        long[] sent = new long[window];
        long now = System.nanoTime();
        for (int i = 0; i < window; i++) {
            answers[i] = peer.getAsync(Keys.at(i));
            sent[i] = now;
        }
        long taken = 0;
        long length = 0;
        long stopAfter = Long.MAX_VALUE;
        while (taken < stopAfter) {
            int oldest = (int) (taken % window);
            length += Answers.take(peer, answers[oldest]);
            taken++;
            now = System.nanoTime();
            latencies.record(now - sent[oldest]);
            if (stopAfter == Long.MAX_VALUE) {
                if (now < deadline) {
                    answers[oldest] = peer.getAsync(Keys.at(taken));
                    sent[oldest] = now;
                } else {
                    stopAfter = taken + window - 1; // What is still in flight.
                }
            }
        }
        Answers.check(taken, length);
        return taken;
    }
}
