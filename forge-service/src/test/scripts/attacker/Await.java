package attacker;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for something to be so, for a limited time. */
final class Await {
    private Await() {}

    /** Asks until it is so; throws after {@code limit}, with {@code what} in the message. */
    static void until(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Waited " + limit.toSeconds() + " s in vain for this: " + what + ".");
            }
            Thread.sleep(100);
        }
    }
}
