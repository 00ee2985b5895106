package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Latencies;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Tally;
import dev.forge.benchmarks.measure.Worker;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Threads that call again as soon as they have the reply to their previous call. */
final class ClosedLoop {
    private ClosedLoop() {}

    /** One call. */
    @FunctionalInterface
    interface Call {
        /** Makes call {@code number} of a thread, and checks the reply. */
        void make(long number) throws Exception;
    }

    /** Returns workers that time each call; each starts with numbers of its own. */
    static List<Worker> timed(int threads, int apart, Call call) {
        return IntStream.range(0, threads)
                .<Worker>mapToObj(thread -> (deadline, latencies) -> {
                    long first = (long) thread * apart / threads;
                    long calls = 0;
                    long before = System.nanoTime();
                    do {
                        call.make(first + calls);
                        calls++;
                        long now = System.nanoTime();
                        latencies.record(now - before);
                        before = now;
                    } while (before < deadline);
                    return calls;
                })
                .toList();
    }

    /** Returns workers that rarely read the clock, for calls that are as fast as reading it. */
    static List<Worker> untimed(int threads, int apart, Call call) {
        int between = 512;
        return IntStream.range(0, threads)
                .<Worker>mapToObj(thread -> (long deadline, Latencies none) -> {
                    long next = (long) thread * apart / threads;
                    long first = next;
                    do {
                        for (int i = 0; i < between; i++) {
                            call.make(next++);
                        }
                    } while (System.nanoTime() < deadline);
                    return next - first;
                })
                .toList();
    }

    /** Returns the number of threads, with the word. */
    static String count(int threads) {
        return threads == 1 ? "1 thread" : threads + " threads";
    }

    /** Returns the metrics of {@code threads}, with how many nanoseconds a call takes. */
    static Map<Metric, Double> withNanos(int threads, Tally tally) {
        Map<Metric, Double> metrics = tally.metrics();
        metrics.put(Metric.NANOS, threads * 1e9 / metrics.getOrDefault(Metric.OPERATIONS, Double.NaN));
        return metrics;
    }

    /** Fails unless {@code holds}: a peer with wrong results must not look fast. */
    static void check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("The answer was wrong");
        }
    }
}
