package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.peer.AsyncPeer;
import dev.forge.benchmarks.peer.Library;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * One thread sends very many async gets without waiting for any of them, twice: once while the server answers, and once
 * while its process is stopped, so that the memory of all pending calls shows in the heap.
 */
public final class Burst implements Workload {
    private static final List<Library> LIBRARIES =
            List.of(Library.LETTUCE, Library.FORGE, Library.LETTUCE_CONSOLIDATED);
    private static final double MEBIBYTE = 1 << 20;

    private final int calls;

    /** Creates a workload of {@code calls}. */
    public Burst(int calls) {
        this.calls = calls;
    }

    @Override
    public String scenario() {
        return calls + " async gets at once";
    }

    @Override
    public void run(Bench bench) {
        bench.compare(scenario(), LIBRARIES, AsyncPeer.class, 1, (peer, time) -> {
            long connectionsBefore = bench.connectionsMade();
            Map<Metric, Double> metrics = answered(peer);
            metrics.put(Metric.HELD, held(bench, peer));
            Answers.check(1, peer.get(Keys.at(0)).length());
            metrics.put(Metric.RECONNECTS, (double) (bench.connectionsMade() - connectionsBefore));
            return metrics;
        });
    }

    private Map<Metric, Double> answered(AsyncPeer peer) throws Exception {
        long begin = System.nanoTime();
        List<Future<?>> sent = send(peer);
        long answered = take(peer, sent);
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        metrics.put(Metric.DRAINED, (System.nanoTime() - begin) / 1e6);
        metrics.put(Metric.ANSWERED, (double) answered);
        metrics.put(Metric.FAILED, (double) (calls - answered));
        return metrics;
    }

    private double held(Bench bench, AsyncPeer peer) throws Exception {
        long before = live();
        bench.server().freeze();
        try {
            List<Future<?>> sent = send(peer);
            double held = (live() - before) / MEBIBYTE;
            bench.server().thaw();
            take(peer, sent);
            return held;
        } finally {
            bench.server().thaw();
        }
    }

    private List<Future<?>> send(AsyncPeer peer) {
        List<Future<?>> sent = new ArrayList<>(calls);
        for (int i = 0; i < calls; i++) {
            try {
                sent.add(peer.getAsync(Keys.at(i)));
            } catch (RuntimeException refused) { // It counts as failed, because it was not sent.
            }
        }
        return sent;
    }

    private static long take(AsyncPeer peer, List<Future<?>> sent) throws Exception {
        long answered = 0;
        long length = 0;
        for (Future<?> answer : sent) {
            try {
                length += Answers.take(peer, answer);
                answered++;
            } catch (ExecutionException failed) { // It counts as failed, because it was not answered.
            }
        }
        Answers.check(answered, length);
        return answered;
    }

    private static long live() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
