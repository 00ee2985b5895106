package dev.forge.redis.internal.cache.flight;

import dev.forge.redis.internal.cache.flight.SingleFlight.Flight;
import dev.forge.redis.key.RedisKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of a loader, and the look-ups that its thread waits for: detects deadlocks between loaders.
 *
 * <p>A loader may ask a cache for other keys, so that two loaders may need each other's key. The wait-for graph covers
 * all caches of the process: a look-up has an edge to the run that loads it, and a run to the look-ups that its thread
 * waits for. A wait that would close a cycle is refused before it begins. Waits of other kinds, such as for the future
 * of an async look-up, are not in the graph; {@link SingleFlight} bounds them.
 */
public final class LoaderRun {

    private static final ThreadLocal<@Nullable LoaderRun> CURRENT = new ThreadLocal<>();

    // Taken only by threads that run a loader within a loader or wait in one, so it is rarely contended.
    private static final Object GRAPH = new Object();

    private final @Nullable LoaderRun outer;

    // Guarded by GRAPH.
    private @Nullable LoaderRun inner;
    private Collection<? extends Flight<?>> awaited = List.of();

    private LoaderRun(@Nullable LoaderRun outer) {
        this.outer = outer;
    }

    /** Returns the innermost loader run of the current thread, or null. */
    public static @Nullable LoaderRun current() {
        return CURRENT.get();
    }

    /** Runs {@code load}, for whose result the callers that joined {@code flights} wait. */
    public static <T> T running(Collection<? extends Flight<?>> flights, Callable<T> load) throws Exception {
        LoaderRun outer = CURRENT.get();
        LoaderRun mine = new LoaderRun(outer);
        if (outer != null) {
            synchronized (GRAPH) {
                outer.inner = mine;
            }
        }
        flights.forEach(flight -> flight.loadedBy(mine));
        CURRENT.set(mine);
        try {
            return load.call();
        } finally {
            flights.forEach(flight -> flight.loadedBy(null));
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
                synchronized (GRAPH) {
                    outer.inner = null;
                }
            }
        }
    }

    /**
     * Runs {@code wait}, which blocks this thread until all of {@code flights} have ended.
     *
     * @throws IllegalStateException if one of them cannot end before the loader that this thread runs has ended
     */
    public static <T> T awaiting(Collection<? extends Flight<?>> flights, Supplier<T> wait) {
        LoaderRun mine = CURRENT.get();
        if (mine == null) {
            return wait.get();
        }
        synchronized (GRAPH) {
            mine.rejectCycle(flights);
            mine.awaited = flights;
        }
        try {
            return wait.get();
        } finally {
            synchronized (GRAPH) {
                mine.awaited = List.of();
            }
        }
    }

    /**
     * Refuses a look-up in which a loader would wait for itself.
     *
     * @param callerRun the loader run that asks for {@code flight}, or null if no loader asks
     * @throws IllegalStateException if {@code flight} waits for that run
     */
    public static void rejectSelfWait(@Nullable LoaderRun callerRun, Flight<?> flight) {
        LoaderRun loading = flight.run();
        if (callerRun != null && loading != null && loading.encloses(callerRun)) {
            throw selfWait(flight);
        }
    }

    /** Returns whether {@code other} is this run, or runs within it on the same thread. */
    private boolean encloses(@Nullable LoaderRun other) {
        for (LoaderRun step = other; step != null; step = step.outer) {
            if (step.equals(this)) {
                return true;
            }
        }
        return false;
    }

    private void rejectCycle(Collection<? extends Flight<?>> flights) {
        Queue<Step> steps = new ArrayDeque<>();
        flights.forEach(flight -> steps.add(new Step(flight, null)));
        Set<LoaderRun> seen = new HashSet<>();
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            LoaderRun run = step.flight().run();
            if (run == null || step.flight().isDone()) {
                continue;
            }
            if (run.encloses(this)) {
                throw step.before() == null ? selfWait(step.flight()) : cycle(step);
            }
            LoaderRun innermost = run;
            for (LoaderRun next = run; next != null; next = next.inner) {
                innermost = next;
            }
            if (seen.add(innermost)) {
                for (Flight<?> next : innermost.awaited) {
                    steps.add(new Step(next, step));
                }
            }
        }
    }

    /** An awaited look-up, and the one whose loader waits for it, or null if the current thread waits for it. */
    private record Step(Flight<?> flight, @Nullable Step before) {}

    private static IllegalStateException selfWait(Flight<?> flight) {
        int end = flight.key().indexOf("::");
        return new IllegalStateException("a loader of the cache " + flight.key().substring(0, Math.max(0, end))
                + " asked it for the key that it was loading, " + RedisKey.shown(flight.key())
                + "; load the value without the cache");
    }

    private static IllegalStateException cycle(Step last) {
        List<String> keys = new ArrayList<>();
        for (Step step = last; step != null; step = step.before()) {
            keys.add(RedisKey.shown(step.flight().key()));
        }
        keys.add(keys.get(0));
        Collections.reverse(keys);
        return new IllegalStateException(
                "loaders wait for one another: " + keys.stream().collect(Collectors.joining(" needs "))
                        + "; load one of these values without the cache");
    }
}
