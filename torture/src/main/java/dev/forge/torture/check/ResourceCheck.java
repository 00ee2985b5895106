package dev.forge.torture.check;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** At the end there are no more bytes, threads and connections than before. */
public final class ResourceCheck {

    static final String MEMORY = "memory stays bounded";
    static final String LEFT = "nothing is left behind";

    /** Threads that the JDK, the default executor of loaders or the servers keep, independent of managers. */
    private static final List<String> OF_OTHERS = List.of(
            "CompletableFutureDelayScheduler",
            "ForkJoinPool.commonPool",
            // Those that run and wake virtual threads.
            "ForkJoinPool-1-",
            "VirtualThread-",
            "MasterPoller",
            "Read-Poller",
            "Write-Poller",
            "forge-loader-",
            "process reaper",
            "embedded-redis-exit-");

    private static final long MOST_MORE_BYTES = 16 << 20;

    private final Violations violations;

    public ResourceCheck(Violations violations) {
        this.violations = violations;
    }

    /** Compares the heap after a collection with that of before. */
    public void memory(long before, long after) {
        if (after - before > MOST_MORE_BYTES) {
            violations.add(MEMORY, "the heap has " + ((after - before) >> 20) + " MiB more than before");
        }
    }

    /** Compares the current threads with those of before. */
    public void threads(Set<String> before, Set<String> after) {
        Set<String> more = new TreeSet<>(after);
        more.removeAll(before);
        if (!more.isEmpty()) {
            violations.add(LEFT, "threads: " + more);
        }
    }

    /** Checks that no connection is open. */
    public void connections(int open) {
        if (open > 0) {
            violations.add(LEFT, open + " connections");
        }
    }

    /** Returns the bytes of the heap in use after a collection. */
    public static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Returns the names and numbers of all threads. */
    public static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> OF_OTHERS.stream().noneMatch(thread.getName()::startsWith))
                .map(thread -> thread.getName() + " (" + thread.getId() + ")")
                .collect(Collectors.toSet());
    }
}
