package dev.forge.redis.internal.route;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import org.jspecify.annotations.Nullable;

/** The address that a {@code MOVED} or {@code ASK} error names. */
final class RedirectTarget {

    private RedirectTarget() {}

    /**
     * Returns the address in {@code error}, or null if it names none. An empty host means the host of the node that
     * answered; a question mark stands for a name that was not announced.
     *
     * @param answeredAt the address of the node that answered
     */
    static @Nullable HostAndPort in(String error, String answeredAt) {
        String[] parts = error.split(" ", -1);
        int colon = parts.length < 3 ? -1 : parts[2].lastIndexOf(':');
        if (colon < 0 || parts[2].startsWith("?")) {
            return null;
        }
        String host = parts[2].substring(0, colon);
        return new HostAndPort(
                host.isEmpty() ? HostAndPort.parse(answeredAt).host() : host,
                Integer.parseInt(parts[2].substring(colon + 1)));
    }
}
