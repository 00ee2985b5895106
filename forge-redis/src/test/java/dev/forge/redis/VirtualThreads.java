package dev.forge.redis;

import java.util.concurrent.ThreadFactory;

/** Virtual threads for tests that are compiled for Java 17. */
public final class VirtualThreads {

    private VirtualThreads() {}

    /** Returns {@code Thread.ofVirtual().factory()}, which exists from Java 21 on. */
    public static ThreadFactory factory() throws ReflectiveOperationException {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        return (ThreadFactory)
                Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    }
}
