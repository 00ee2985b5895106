package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.deletion.DeletionPeer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;

/** One caller deletes a tenth of all keys by their pattern, while another client sends a PING every half millisecond. */
public final class PatternDeletions implements Workload {
    private static final List<Library> LIBRARIES =
            List.of(Library.LETTUCE, Library.FORGE, Library.REDISSON, Library.SPRING_CACHE);
    private static final int AT_ONCE = 10_000;
    private static final String NAME = "deleted";
    private static final long PERIOD = TimeUnit.MICROSECONDS.toNanos(500);

    private final int all;

    /** Creates a workload over {@code all} keys. */
    public PatternDeletions(int all) {
        this.all = all;
    }

    @Override
    public String scenario() {
        return "deletion by pattern of " + all / 10 + " keys of " + all;
    }

    @Override
    public void run(Bench bench) {
        try (Jedis admin = new Jedis("127.0.0.1", bench.server().port())) {
            populate(admin, all - all / 10, "kept:");
            bench.compare(scenario(), LIBRARIES, DeletionPeer::open, (peer, time) -> {
                populate(admin, all / 10, NAME + "::");
                long before = admin.dbSize();
                Map<Metric, Double> metrics = deleted(bench, peer);
                ClosedLoop.check(before - admin.dbSize() == all / 10);
                return metrics;
            });
            admin.flushAll();
        }
    }

    private static void populate(Jedis admin, int count, String prefix) {
        for (int first = 0; first < count; first += AT_ONCE) {
            admin.eval(
                    "for i = ARGV[1], ARGV[2] do redis.call('SET', ARGV[3] .. string.format('%d', i), '0123456789') end",
                    List.of(),
                    List.of(Integer.toString(first), Integer.toString(Math.min(count, first + AT_ONCE) - 1), prefix));
        }
    }

    private static Map<Metric, Double> deleted(Bench bench, DeletionPeer peer) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong worst = new AtomicLong();
        Thread pings = new Thread(() -> ping(bench.server().port(), stop, worst));
        pings.start();
        long begin = System.nanoTime();
        peer.delete(NAME);
        long nanos = System.nanoTime() - begin;
        stop.set(true);
        pings.join();
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        metrics.put(Metric.DRAINED, nanos / 1e6);
        metrics.put(Metric.WORST_PING, worst.get() / 1e6);
        return metrics;
    }

    private static void ping(int port, AtomicBoolean stop, AtomicLong worst) {
        try (Jedis client = new Jedis("127.0.0.1", port)) {
            client.ping();
            while (!stop.get()) {
                long before = System.nanoTime();
                client.ping();
                long nanos = System.nanoTime() - before;
                worst.accumulateAndGet(nanos, Math::max);
                LockSupport.parkNanos(Math.max(1, PERIOD - nanos));
            }
        }
    }
}
