package dev.forge.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * The cost of a period for this process and the server.
 *
 * <p>Allocation is the sum over the threads that are alive at the end, including those of the peers, without the
 * measuring thread. For virtual threads, it counts for their carrier threads.
 */
final class Meter {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ServerProbe server;
    private final Map<Long, Long> allocatedBefore;
    private final long readsBefore;
    private final long cpuBefore;

    private Meter(ServerProbe server) {
        this.server = server;
        allocatedBefore = allocated();
        readsBefore = server.reads();
        cpuBefore = SYSTEM.getProcessCpuTime();
    }

    /** The cost of the period. */
    record Cost(long cpuNanos, long allocatedBytes, long serverReads) {}

    static Meter start(ServerProbe server) {
        return new Meter(server);
    }

    Cost stop() {
        long cpu = SYSTEM.getProcessCpuTime() - cpuBefore;
        long reads = server.reads() - readsBefore;
        long bytes = 0;
        for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
            bytes += thread.getValue() - allocatedBefore.getOrDefault(thread.getKey(), 0L);
        }
        return new Cost(cpu, bytes, reads);
    }

    private static Map<Long, Long> allocated() {
        long[] ids = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(ids);
        long own = Thread.currentThread().getId();
        Map<Long, Long> allocated = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != own && bytes[i] >= 0) {
                allocated.put(ids[i], bytes[i]);
            }
        }
        return allocated;
    }
}
