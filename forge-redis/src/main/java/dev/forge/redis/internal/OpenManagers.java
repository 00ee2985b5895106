package dev.forge.redis.internal;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the open managers of the process, and warns if there are more than an application seems to need: nothing else would show why it
 * slows down.
 */
final class OpenManagers {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.managers");
    private static final int MANY = 50;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final AtomicInteger NEXT_WARNING = new AtomicInteger(MANY);

    private OpenManagers() {}

    static void opened() {
        int number = NUMBER.incrementAndGet();
        if (number == NEXT_WARNING.get() && NEXT_WARNING.compareAndSet(number, 2 * number)) {
            LOG.warn(
                    "{} managers of Redis are open in this process, each with threads and connections of its own. Create one when"
                            + " the application starts, share it, and close it at the end",
                    number);
        }
    }

    static void closed() {
        NUMBER.decrementAndGet();
    }
}
