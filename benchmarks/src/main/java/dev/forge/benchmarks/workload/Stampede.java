package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Latencies;
import dev.forge.benchmarks.measure.Metric;
import dev.forge.benchmarks.measure.Tally;
import dev.forge.benchmarks.measure.Worker;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Opened;
import dev.forge.benchmarks.peer.annotated.CachedMethods;
import dev.forge.benchmarks.peer.stampede.LoadingPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Many callers miss one key at the same moment, while one caller misses other keys one after the other. Loading the
 * first key takes 100 ms, and loading the others no time.
 */
public final class Stampede implements Workload {
    private static final List<Library> LIBRARIES =
            List.of(Library.FORGE, Library.REDISSON, Library.SPRING_CACHE, Library.JETCACHE);
    private static final long LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String CROWDED = "crowded:";
    private static final int OTHERS = 5;

    private final String scenario;
    private final List<Library> libraries;
    private final Opening opening;
    private final int callers;
    private final int instances;
    private final AtomicInteger turns = new AtomicInteger();

    private Stampede(String key, List<Library> libraries, Opening opening, int callers, int instances) {
        this.scenario = callers + " callers miss one " + key + ", "
                + (instances == 1 ? "1 instance" : instances + " instances");
        this.libraries = libraries;
        this.opening = opening;
        this.callers = callers;
        this.instances = instances;
    }

    /** Creates a stampede of {@code callers} in total on {@code instances} of the cache, which share one server. */
    public Stampede(int callers, int instances) {
        this("key", LIBRARIES, LoadingPeer::open, callers, instances);
    }

    /** Returns the same on methods with {@code @Cacheable(sync = true)}, in one application for each instance. */
    public static Stampede ofMethods(int callers, int instances) {
        return new Stampede(
                "@Cacheable(sync) key",
                List.of(Library.FORGE, Library.SPRING_CACHE),
                CachedMethods::open,
                callers,
                instances);
    }

    /** Opens a peer with a loader. */
    private interface Opening {
        LoadingPeer open(Library library, int port, UnaryOperator<String> loader);
    }

    @Override
    public String scenario() {
        return scenario;
    }

    /** The instances of one library, and their number of loads of the crowded key. */
    private record Instances(List<LoadingPeer> peers, AtomicInteger loads) implements Opened {
        @Override
        public void close() {
            peers.forEach(LoadingPeer::close);
        }
    }

    @Override
    public void run(Bench bench) {
        bench.compare(scenario, libraries, this::open, (instances, time) -> turn(bench, instances));
    }

    private Instances open(Library library, int port) {
        AtomicInteger loads = new AtomicInteger();
        List<LoadingPeer> peers = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            peers.add(opening.open(library, port, key -> load(key, loads)));
        }
        return new Instances(peers, loads);
    }

    private static String load(String key, AtomicInteger loads) {
        if (key.startsWith(CROWDED)) {
            loads.incrementAndGet();
            long end = System.nanoTime() + LOAD_NANOS;
            for (long left = LOAD_NANOS; left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
        return "value of " + key;
    }

    private Map<Metric, Double> turn(Bench bench, Instances all) {
        String name = scenario + turns.incrementAndGet();
        String crowded = CROWDED + name;
        all.loads().set(0);
        // Opens connections and loads classes before the stampede.
        all.peers().forEach(peer -> peer.get("first:" + name));
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            LoadingPeer peer = all.peers().get(i % instances);
            workers.add((deadline, none) -> get(peer, crowded));
        }
        workers.add((deadline, latencies) -> others(all.peers().get(0), name, latencies));
        Tally tally = bench.crew(workers, Thread::new, Duration.ZERO);
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        metrics.put(Metric.DRAINED, tally.nanos() / 1e6);
        metrics.put(Metric.LOADS, (double) all.loads().get());
        metrics.put(Metric.OTHER, tally.latencies().maxMicros() / 1_000);
        return metrics;
    }

    private static long get(LoadingPeer peer, String key) {
        ClosedLoop.check(peer.get(key).equals("value of " + key));
        return 1;
    }

    private static long others(LoadingPeer peer, String name, Latencies latencies) {
        for (int i = 0; i < OTHERS; i++) {
            LockSupport.parkNanos(LOAD_NANOS / 10);
            long before = System.nanoTime();
            get(peer, "other:" + i + ":" + name);
            latencies.record(System.nanoTime() - before);
        }
        return OTHERS;
    }
}
