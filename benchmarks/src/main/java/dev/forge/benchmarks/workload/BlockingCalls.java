package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.measure.Latencies;
import dev.forge.benchmarks.measure.Worker;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.Peer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Threads that call again as soon as they have the reply to their previous call.
 *
 * <p>A latency is the time of one call, from when it was made. In such a closed loop, a slow call delays the next one,
 * whose wait is not counted.
 */
public final class BlockingCalls implements Workload {
    /** The peers that take part with any number of callers. */
    private static final List<Library> LIBRARIES =
            List.of(Library.LETTUCE, Library.FORGE, Library.JEDIS, Library.REDISSON, Library.SPRING);

    // With fewer callers they do the same as Forge with five direct connections and Jedis with one for each caller.
    private static final Map<Library, Integer> FEWEST_CALLERS =
            Map.of(Library.FORGE_EIGHT, 6, Library.JEDIS_DEFAULT, 9);

    private final String scenario;
    private final int callers;
    private final List<Library> libraries;
    private final Supplier<ThreadFactory> threads;
    private final Call call;

    private BlockingCalls(
            String scenario, int callers, List<Library> libraries, Supplier<ThreadFactory> threads, Call call) {
        this.scenario = scenario;
        this.callers = callers;
        this.libraries = libraries;
        this.threads = threads;
        this.call = call;
    }

    /** Returns gets by platform threads; {@code where} is a suffix of the name, empty or starting with a comma. */
    public static BlockingCalls gets(int callers, String where) {
        return gets(callers, where, libraries(callers));
    }

    /** Returns the same for some {@code libraries} only. */
    public static BlockingCalls gets(int callers, String where, List<Library> libraries) {
        String scenario = "get, " + ClosedLoop.count(callers) + where;
        return new BlockingCalls(scenario, callers, libraries, () -> Thread::new, BlockingCalls::get);
    }

    /** Returns sets by platform threads; {@code where} is as for gets. */
    public static BlockingCalls sets(int callers, String where) {
        String scenario = "set, " + ClosedLoop.count(callers) + where;
        return new BlockingCalls(scenario, callers, libraries(callers), () -> Thread::new, BlockingCalls::set);
    }

    /** Returns gets by virtual threads, which need Java 21. */
    public static BlockingCalls virtualGets(int callers) {
        String scenario = "get, " + callers + " virtual threads";
        return new BlockingCalls(scenario, callers, libraries(callers), VirtualThreads::factory, BlockingCalls::get);
    }

    private static List<Library> libraries(int callers) {
        Stream<Library> pools = FEWEST_CALLERS.entrySet().stream()
                .filter(pool -> callers >= pool.getValue())
                .map(Map.Entry::getKey);
        return Stream.concat(LIBRARIES.stream(), pools).toList();
    }

    @Override
    public String scenario() {
        return scenario;
    }

    @Override
    public void run(Bench bench) {
        ThreadFactory factory = threads.get();
        bench.compare(
                scenario,
                libraries,
                Peer.class,
                callers,
                (peer, time) -> bench.crew(workers(peer), factory, time).metrics());
    }

    private List<Worker> workers(Peer peer) {
        return IntStream.range(0, callers)
                .<Worker>mapToObj(number ->
                        (deadline, latencies) -> loop(peer, (long) number * Keys.COUNT / callers, deadline, latencies))
                .toList();
    }

    private long loop(Peer peer, long first, long deadline, Latencies latencies) {
        long calls = 0;
        long length = 0;
        long before = System.nanoTime();
        do {
            length += call.length(peer, Keys.at(first + calls));
            calls++;
            long now = System.nanoTime();
            latencies.record(now - before);
            before = now;
        } while (before < deadline);
        Answers.check(calls, length);
        return calls;
    }

    private static int get(Peer peer, String key) {
        return peer.get(key).length();
    }

    private static int set(Peer peer, String key) {
        peer.set(key, Keys.VALUE);
        return Keys.VALUE.length();
    }

    @FunctionalInterface
    private interface Call {
        int length(Peer peer, String key);
    }
}
