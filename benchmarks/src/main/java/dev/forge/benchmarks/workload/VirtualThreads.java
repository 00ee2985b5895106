package dev.forge.benchmarks.workload;

import java.util.concurrent.ThreadFactory;

/** Virtual threads from code that is compiled for Java 17. */
final class VirtualThreads {
    private VirtualThreads() {}

    /** Returns {@code Thread.ofVirtual().factory()}. */
    static ThreadFactory factory() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Virtual threads need Java 21", e);
        }
    }
}
