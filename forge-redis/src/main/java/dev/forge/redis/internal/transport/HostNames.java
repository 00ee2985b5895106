package dev.forge.redis.internal.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Looks up the addresses of a host by the JDK, which may block for long; a few look-ups at a time.
 *
 * <p>The JDK remembers addresses for a while, see the security property {@code networkaddress.cache.ttl}.
 */
public class HostNames {

    private static final int MOST_UNANSWERED = 128;

    private final Semaphore free = new Semaphore(MOST_UNANSWERED);

    /** Returns the addresses of {@code host}; blocks. */
    List<InetAddress> lookUp(String host) throws UnknownHostException {
        if (!free.tryAcquire()) {
            throw new UnknownHostException("the name service has not answered " + MOST_UNANSWERED + " look-ups; " + host
                    + " was not looked up");
        }
        try {
            return List.of(InetAddress.getAllByName(host));
        } finally {
            free.release();
        }
    }
}
