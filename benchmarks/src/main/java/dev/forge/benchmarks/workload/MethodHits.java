package dev.forge.benchmarks.workload;

import dev.forge.benchmarks.measure.Bench;
import dev.forge.benchmarks.measure.Keys;
import dev.forge.benchmarks.peer.Library;
import dev.forge.benchmarks.peer.annotated.CachedMethods;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/** Threads that call a method with {@code @Cacheable} whose value is cached. */
public final class MethodHits implements Workload {
    private static final List<String> IDS =
            IntStream.range(0, Keys.COUNT).mapToObj(Integer::toString).toList();

    private final String scenario;
    private final List<Library> libraries;
    private final int threads;
    private final BiPredicate<CachedMethods, Integer> call;

    private MethodHits(
            String scenario, List<Library> libraries, int threads, BiPredicate<CachedMethods, Integer> call) {
        this.scenario = scenario + ", " + ClosedLoop.count(threads);
        this.libraries = libraries;
        this.threads = threads;
        this.call = call;
    }

    /** Returns calls that get objects of a kilobyte from Redis. */
    public static MethodHits ofProfiles(int threads) {
        return new MethodHits(
                "@Cacheable hit of 1 KiB JSON",
                List.of(Library.FORGE, Library.SPRING_CACHE),
                threads,
                (methods, number) -> methods.profile(IDS.get(number)).id() == number);
    }

    /** Returns calls that get values from the memory of the process. */
    public static MethodHits near(int threads) {
        return new MethodHits(
                "@Cacheable near-cache hit",
                List.of(Library.FORGE, Library.CAFFEINE),
                threads,
                (methods, number) -> methods.near(IDS.get(number)).equals(IDS.get(number)));
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
                (library, port) -> {
                    CachedMethods methods = CachedMethods.open(library, port);
                    IntStream.range(0, Keys.COUNT).forEach(number -> ClosedLoop.check(call.test(methods, number)));
                    return methods;
                },
                (methods, time) -> ClosedLoop.withNanos(
                        threads,
                        bench.crew(
                                ClosedLoop.timed(
                                        threads,
                                        Keys.COUNT,
                                        number -> ClosedLoop.check(call.test(methods, (int) (number % Keys.COUNT)))),
                                Thread::new,
                                time)));
    }
}
