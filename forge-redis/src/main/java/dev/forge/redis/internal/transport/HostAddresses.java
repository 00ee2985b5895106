package dev.forge.redis.internal.transport;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.tls.ExplainedException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one host, tried one after the other until a server accepts at one of them.
 *
 * <p>They share the connect timeout: each gets an equal part of the time that is left. The name is resolved once, and
 * each address keeps it, because the server's certificate is for the name. A server that refuses the login ends the
 * search.
 *
 * <p>Not thread-safe.
 */
final class HostAddresses {

    private static final Duration LEAST_SHARE = Duration.ofMillis(1);

    private final long deadline;
    private final Deque<InetSocketAddress> left = new ArrayDeque<>();
    private final List<String> failed = new ArrayList<>();
    private @Nullable Throwable timeout;

    /** @param patience the connect timeout for all addresses together */
    HostAddresses(List<InetAddress> addresses, String host, int port, Duration patience) throws UnknownHostException {
        this.deadline = System.nanoTime() + patience.toNanos();
        for (InetAddress address : addresses) {
            InetAddress named = address instanceof Inet6Address scoped
                    ? Inet6Address.getByAddress(host, scoped.getAddress(), scoped.getScopeId())
                    : InetAddress.getByAddress(host, address.getAddress());
            left.add(new InetSocketAddress(named, port));
        }
        if (left.isEmpty()) {
            throw new UnknownHostException(host);
        }
    }

    /** Returns the next address; there is one at first, and after {@link #goOn}. */
    InetSocketAddress next() {
        return left.remove();
    }

    /** Returns the share of the connect timeout for the current address. */
    Duration share() {
        Duration share = Duration.ofNanos((deadline - System.nanoTime()) / (1 + left.size()));
        return share.compareTo(LEAST_SHARE) < 0 ? LEAST_SHARE : share;
    }

    /** Records why {@code address} has failed; returns whether to try another. */
    boolean goOn(InetSocketAddress address, Throwable failure) {
        if (failure instanceof RedisRefusedException) {
            failed.clear();
            return false;
        }
        if (timeout == null && Failures.isTimeout(failure)) {
            timeout = failure;
        }
        failed.add(address.getAddress().getHostAddress() + ": " + Failures.describe(failure));
        return !left.isEmpty() && deadline - System.nanoTime() > 0;
    }

    /** Returns the failure to report when no address is left; the last one failed with {@code last}. */
    Exception summary(Exception last) {
        // The cause decides whether the next attempt gets more time.
        return failed.size() < 2
                ? last
                : new ExplainedException(String.join("; ", failed), timeout == null ? last : timeout);
    }
}
