package dev.forge.redis.internal.route;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The address that a {@code MOVED} or {@code ASK} error names. */
final class RedirectTarget {

    private static final Pattern ADDRESS = Pattern.compile("\\S+ \\S+ (?<host>(?!\\?)\\S*):(?<port>\\d{1,5})( .*)?");
    private static final int HIGHEST_PORT = 65_535;

    private RedirectTarget() {}

    /**
     * Returns the address in {@code error}, or null if it names none. An empty host means the host of the node that
     * answered; a question mark stands for a name that was not announced.
     *
     * @param answeredAt the address of the node that answered
     */
    static @Nullable HostAndPort in(String error, String answeredAt) {
        Matcher named = ADDRESS.matcher(error);
        int port = named.matches() ? Integer.parseInt(named.group("port")) : 0;
        if (port == 0 || port > HIGHEST_PORT) {
            return null;
        }
        String host = named.group("host");
        return new HostAndPort(host.isEmpty() ? HostAndPort.parse(answeredAt).host() : host, port);
    }
}
