package dev.forge.torture.load;

import dev.forge.torture.fault.Loss;
import java.util.Map;

/** One kind of work that runs all the time. */
public interface LoadStream {

    /** Returns its name in reports. */
    String name();

    /** Returns how many times a second to run {@link #step}. */
    double perSecond();

    /** Returns how many threads run it. */
    default int threads() {
        return 1;
    }

    /** Does one piece of work, or begins it. */
    void step() throws InterruptedException;

    /** Redis is about to lose acknowledged data, or has lost them: called at both moments. */
    default void lost(Loss loss) {}

    /** Closes resources of the stream; called once, after the last step. */
    default void stop() {}

    /** Returns the number of calls by outcome. */
    Map<String, Long> outcomes();
}
