package dev.forge.redis.cache;

import dev.forge.redis.cache.SingleFlight.Flight;
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
 * One run of a loader, and the look-ups that its thread waits for meanwhile.
 *
 * <p>A loader may ask a cache for other keys. Where two loaders need each other's key, each waits for the other. That is found
 * before the last of them begins to wait, over all caches of the process: runs and look-ups form a graph, a look-up leads to
 * the run that loads it, and a run to the look-ups that its thread waits for. A wait that would close a circle is refused. What
 * a loader waits for by other means, such as the future of an async look-up, is not known here; there {@link SingleFlight}
 * bounds the wait.
 */
final class LoaderRun {

    private static final ThreadLocal<@Nullable LoaderRun> CURRENT = new ThreadLocal<>();

    // Only a thread that waits within a loader takes it, so that no one contends for it.
    private static final Object GRAPH = new Object();

    private final @Nullable LoaderRun outer;

    // Guarded by GRAPH.
    private @Nullable LoaderRun inner;
    private Collection<? extends Flight<?>> awaited = List.of();

    private LoaderRun(@Nullable LoaderRun outer) {
        this.outer = outer;
    }

    /** Returns the run that the current thread is in, or null. */
    static @Nullable LoaderRun current() {
        return CURRENT.get();
    }

    /** Runs {@code load}, whose result those who joined {@code flights} wait for. */
    static <T> T running(Collection<? extends Flight<?>> flights, Callable<T> load) throws Exception {
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
     * Does {@code wait}, which blocks this thread until all of {@code flights} have ended.
     *
     * @throws IllegalStateException if one of them cannot end before the loader that this thread runs
     */
    static <T> T awaiting(Collection<? extends Flight<?>> flights, Supplier<T> wait) {
        LoaderRun mine = CURRENT.get();
        if (mine == null) {
            return wait.get();
        }
        synchronized (GRAPH) {
            mine.refuseCircle(flights);
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
     * Refuses to let a loader wait for itself.
     *
     * @param asker the run in which {@code flight} is asked for, or null
     * @throws IllegalStateException if {@code flight} waits for that run
     */
    static void refuseItself(@Nullable LoaderRun asker, Flight<?> flight) {
        LoaderRun loading = flight.run();
        if (asker != null && loading != null && loading.isAround(asker)) {
            throw itself(flight);
        }
    }

    /** Returns whether {@code other} is this run, or runs within it on the same thread. */
    private boolean isAround(@Nullable LoaderRun other) {
        for (LoaderRun step = other; step != null; step = step.outer) {
            if (step.equals(this)) {
                return true;
            }
        }
        return false;
    }

    private void refuseCircle(Collection<? extends Flight<?>> flights) {
        Queue<Step> steps = new ArrayDeque<>();
        flights.forEach(flight -> steps.add(new Step(flight, null)));
        Set<LoaderRun> seen = new HashSet<>();
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            LoaderRun run = step.flight().run();
            if (run == null || step.flight().isDone()) {
                continue;
            }
            if (run.isAround(this)) {
                throw step.before() == null ? itself(step.flight()) : circle(step);
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

    /** A look-up that is waited for, and the one whose loader waits for it, or null where that is the current thread. */
    private record Step(Flight<?> flight, @Nullable Step before) {}

    private static IllegalStateException itself(Flight<?> flight) {
        int end = flight.key().indexOf("::");
        return new IllegalStateException("a loader of the cache " + flight.key().substring(0, Math.max(0, end))
                + " asked it for the key that it was loading, " + RedisKey.shown(flight.key())
                + "; load the value without the cache");
    }

    private static IllegalStateException circle(Step last) {
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
