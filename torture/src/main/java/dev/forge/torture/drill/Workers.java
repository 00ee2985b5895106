package dev.forge.torture.drill;

import dev.forge.torture.check.Violations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Threads of a drill, which end within a bound. */
final class Workers {

    private static final String PROMISE = "every call ends";

    private final Violations violations;
    private final List<Thread> threads = new ArrayList<>();

    Workers(Violations violations) {
        this.violations = violations;
    }

    /** Starts a thread; what it throws is a violation of {@code promise}. */
    Thread start(String promise, Callable<?> work) {
        Thread thread = new Thread(
                () -> {
                    Throwable failure = failureOf(work);
                    if (failure != null) {
                        violations.add(promise, String.valueOf(failure));
                    }
                },
                "torture-drill-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    /** Waits for all of them; one that does not end is a violation. */
    void await(Duration bound) throws InterruptedException {
        long end = System.nanoTime() + bound.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            if (thread.isAlive()) {
                violations.add(PROMISE, thread.getName() + " hangs in " + place(thread));
                thread.interrupt();
            }
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private static @Nullable Throwable failureOf(Callable<?> work) {
        try {
            work.call();
            return null;
        } catch (Exception | StackOverflowError e) {
            return e;
        }
    }

    private static String place(Thread thread) {
        for (StackTraceElement each : thread.getStackTrace()) {
            if (each.getClassName().startsWith("dev.forge.redis")) {
                return each.toString();
            }
        }
        return "its own code";
    }
}
