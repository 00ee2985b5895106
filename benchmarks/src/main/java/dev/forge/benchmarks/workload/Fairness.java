package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.measure.Latencies;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Tally;
import dev.forge.benchmarks.measure.Worker;
import dev.forge.benchmarks.peer.AsyncPeer;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread sends batches of async gets, each as soon as the previous one is answered. Another makes a blocking get
 * every millisecond, and only that is timed.
 */
public final class Fairness implements Workload {
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(1);

    private final int batch;
    private final boolean ofForge;

    private Fairness(int batch, boolean ofForge) {
        this.batch = batch;
        this.ofForge = ofForge;
    }

    /** Creates a workload where a library makes both, in batches of {@code batch}. */
    public static Fairness within(int batch) {
        return new Fairness(batch, false);
    }

    /** Creates a workload where Forge makes the batches; Jedis, with its own socket, shows their cost for others. */
    public static Fairness besideForge(int batch) {
        return new Fairness(batch, true);
    }

    @Override
    public String scenario() {
        return "single get beside batches of " + batch + (ofForge ? " of Forge" : "");
    }

    @Override
    public void run(Bench bench) {
        if (!ofForge) {
            bench.compare(
                    scenario(),
                    AsyncWindow.LIBRARIES,
                    AsyncPeer.class,
                    2,
                    (peer, time) -> measured(bench, peer, peer, time));
            return;
        }
        try (AsyncPeer forge = (AsyncPeer) Library.FORGE.open(bench.target(), 2)) {
            bench.compare(
                    scenario(),
                    List.of(Library.FORGE, Library.JEDIS),
                    Peer.class,
                    2,
                    (peer, time) -> measured(bench, peer instanceof AsyncPeer same ? same : forge, peer, time));
        }
    }

    private Map<Metric, Double> measured(Bench bench, AsyncPeer busy, Peer single, Duration time) {
        Worker batches = (deadline, latencies) -> batches(busy, deadline);
        Worker singles = (deadline, latencies) -> singles(single, deadline, latencies);
        Tally tally = bench.crew(List.of(batches, singles), Thread::new, time);
        Map<Metric, Double> metrics = tally.latencyMetrics();
        metrics.put(Metric.BATCHED, tally.perSecond(0));
        return metrics;
    }

    private long batches(AsyncPeer peer, long deadline) throws Exception {
        Future<?>[] answers = new Future<?>[batch];
        long calls = 0;
        long length = 0;
        while (System.nanoTime() < deadline) {
            for (int i = 0; i < batch; i++) {
                answers[i] = peer.getAsync(Keys.at(i));
            }
            for (Future<?> answer : answers) {
                length += Answers.take(peer, answer);
            }
            calls += batch;
        }
        Answers.check(calls, length);
        return calls;
    }

    // Calls that were due during this wait count too, each with the rest of it. Otherwise one long stall would be a
    // single slow call among thousands of fast ones.
    private static long singles(Peer peer, long deadline, Latencies latencies) {
        long calls = 0;
        long length = 0;
        long due = System.nanoTime();
        while (due < deadline) {
            due = awaken(due);
            long begin = due;
            length += peer.get(Keys.at(calls)).length();
            calls++;
            for (long left = System.nanoTime() - begin; left > 0; left -= PERIOD) {
                latencies.record(left);
                due += PERIOD;
            }
        }
        Answers.check(calls, length);
        return calls;
    }

    // The machine and not the peer causes late wake-ups: a call begins when it is made.
    private static long awaken(long due) {
        long now = System.nanoTime();
        while (now < due) {
            LockSupport.parkNanos(due - now);
            now = System.nanoTime();
        }
        return now;
    }
}
