package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.measure.Latencies;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Tally;
import dev.forge.benchmarks.measure.Worker;
import dev.forge.benchmarks.peer.AsyncPeer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread sends batches of async gets, each of them as soon as the one before is answered; another makes a blocking get every
 * millisecond, and only that is timed.
 */
public final class Fairness implements Workload {
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(1);

    private final int batch;

    /** Makes one with batches of {@code batch}. */
    public Fairness(int batch) {
        this.batch = batch;
    }

    @Override
    public String scenario() {
        return "single get beside batches of " + batch;
    }

    @Override
    public void run(Bench bench) {
        bench.compare(scenario(), AsyncWindow.LIBRARIES, AsyncPeer.class, 2, (peer, time) -> {
            Worker batches = (deadline, latencies) -> batches(peer, deadline);
            Worker singles = (deadline, latencies) -> singles(peer, deadline, latencies);
            Tally tally = bench.crew(List.of(batches, singles), Thread::new, time);
            Map<Metric, Double> metrics = tally.latencyMetrics();
            metrics.put(Metric.BATCHED, tally.perSecond(0));
            return metrics;
        });
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

    // A call that the one before has held up is counted from when it was due: otherwise one long stall would be one
    // slow call
    // among thousands of fast ones. Waking up late is the machine's doing and not the peer's, so it does not count.
    private static long singles(AsyncPeer peer, long deadline, Latencies latencies) {
        long calls = 0;
        long length = 0;
        long due = System.nanoTime();
        while (due < deadline) {
            boolean late = System.nanoTime() > due;
            long begin = late ? due : awaken(due);
            length += peer.get(Keys.at(calls)).length();
            calls++;
            latencies.record(System.nanoTime() - begin);
            due += PERIOD;
        }
        Answers.check(calls, length);
        return calls;
    }

    private static long awaken(long due) {
        long now = System.nanoTime();
        while (now < due) {
            LockSupport.parkNanos(due - now);
            now = System.nanoTime();
        }
        return now;
    }
}
