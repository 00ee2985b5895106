package dev.forge.torture.load;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Makes the threads that call Forge: by turns platform threads and, on Java 21 and later, virtual ones. */
final class Callers {

    private final @Nullable ThreadFactory virtual = virtualThreads();
    private int made;

    /** Returns a thread that is not started yet. */
    Thread make(Runnable task, String name) {
        Thread thread = virtual != null && made++ % 2 == 1 ? virtual.newThread(task) : new Thread(task);
        thread.setName(name);
        return thread;
    }

    /** Returns {@code Thread.ofVirtual().factory()}, or null before Java 21. */
    private static @Nullable ThreadFactory virtualThreads() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (NoSuchMethodException e) {
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
