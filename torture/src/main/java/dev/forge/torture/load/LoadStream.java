package dev.forge.torture.load;

import dev.forge.torture.fault.Loss;
import java.util.Map;

/** One kind of work that goes on all the time. */
public interface LoadStream {

    /** Returns what reports call it. */
    String name();

    /** Returns how often a second {@link #step} is to be run. */
    double perSecond();

    /** Returns how many threads run it. */
    default int threads() {
        return 1;
    }

    /** Does one piece of work, or begins it. */
    void step() throws InterruptedException;

    /** Redis is about to lose acknowledged data, or has lost them: called at both moments. */
    default void lost(Loss loss) {}

    /** Ends what the stream has of its own; called once, after the last step. */
    default void stop() {}

    /** Returns how many calls ended in which way. */
    Map<String, Long> outcomes();
}
