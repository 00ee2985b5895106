package dev.forge.torture.load;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.torture.check.Violations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** The threads that run the streams, each at its pace. */
public final class Crew {

    private static final double SECOND = 1e9;
    private static final long SHORTEST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long MOST_BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long STOP_MILLIS = 70_000;

    private final List<LoadStream> streams;
    private final double share;
    private final Violations violations;
    private final Callers callers = new Callers();
    private final List<Thread> threads = new ArrayList<>();
    private final Map<LoadStream, LongAdder> steps = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private volatile long end;
    private volatile boolean stopped;

    /** @param share the share of their usual pace at which the streams run */
    public Crew(List<? extends LoadStream> streams, double share, Violations violations) {
        this.share = share;
        this.streams = List.copyOf(streams);
        this.violations = violations;
    }

    /** Starts all streams. */
    public void start() {
        for (LoadStream stream : streams) {
            LongAdder count = new LongAdder();
            steps.put(stream, count);
            for (int i = 0; i < stream.threads(); i++) {
                Thread thread = callers.make(() -> run(stream, count), "torture-" + stream.name() + "-" + i);
                threads.add(thread);
                thread.start();
            }
        }
    }

    /** Stops them, and waits for their current steps. */
    public void stop() throws InterruptedException {
        stopped = true;
        end = System.nanoTime();
        for (Thread thread : threads) {
            thread.join(STOP_MILLIS);
            if (thread.isAlive()) {
                violations.add("every call ends by its deadline", thread.getName() + " hangs");
            }
        }
        streams.forEach(LoadStream::stop);
    }

    /** Returns how many steps a second each stream made. */
    public double rate(LoadStream stream) {
        LongAdder count = steps.get(stream);
        return count == null ? 0 : count.sum() / ((end - start) / SECOND);
    }

    private void run(LoadStream stream, LongAdder count) {
        long period = (long) (SECOND * stream.threads() / (stream.perSecond() * share));
        long next = System.nanoTime();
        while (!stopped) {
            long now = System.nanoTime();
            if (now - next > Math.max(MOST_BEHIND_NANOS, period)) {
                // Missed steps are not repeated: the report shows them.
                next = now;
            }
            if (next - now > SHORTEST_NAP_NANOS) {
                LockSupport.parkNanos(Math.min(next - now, TimeUnit.MILLISECONDS.toNanos(100)));
                continue;
            }
            next += period;
            try {
                stream.step();
                count.increment();
            } catch (InterruptedException e) {
                return;
            } catch (RedisFailure e) {
                violations.add("the harness works", stream.name() + " let a failure through: " + e);
            } catch (RuntimeException e) {
                if (!stopped) {
                    violations.add("every failure is typed", stream.name() + " threw " + e);
                }
            }
        }
    }
}
