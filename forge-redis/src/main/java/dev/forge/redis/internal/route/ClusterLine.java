package dev.forge.redis.internal.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One node in an answer to CLUSTER NODES.
 *
 * @param preferred the address by which the node is to be reached
 * @param all every address of it
 */
public record ClusterLine(
        String id,
        HostAndPort preferred,
        List<HostAndPort> all,
        String flags,
        String primary,
        long epoch,
        List<int[]> ranges) {

    // What a node gives instead of a name that another has not announced.
    private static final String NO_NAME = "?";

    private static final int FEWEST_PARTS = 8;

    /** By what the nodes would have each other reached: {@code cluster-preferred-endpoint-type}. */
    private enum Endpoint {
        ADDRESS,
        NAME,
        SAME_HOST
    }

    /** Where a node is, by one answer. */
    private record Place(String host, String name, int port) {
        /** Reads {@code ip:port@bus-port[,host name]}. */
        static Place read(String text) {
            String[] parts = text.split(",", -1);
            String plain = parts[0].contains("@") ? parts[0].substring(0, parts[0].indexOf('@')) : parts[0];
            int colon = plain.lastIndexOf(':');
            boolean named = parts.length > 1 && !parts[1].contains("=") && !parts[1].equals(NO_NAME);
            return new Place(
                    plain.substring(0, colon), named ? parts[1] : "", Integer.parseInt(plain.substring(colon + 1)));
        }

        /** Returns the address; a node that does not know its own leaves it out. */
        HostAndPort reached(Endpoint endpoint, HostAndPort asked) {
            String given = endpoint == Endpoint.NAME && !name.isEmpty() ? name : host;
            return new HostAndPort(endpoint == Endpoint.SAME_HOST || given.isEmpty() ? asked.host() : given, port);
        }
    }

    /** Returns what {@code answer} says of each node that can be reached by any. */
    static List<ClusterLine> read(ClusterView.Answer answer, boolean useHostNames) {
        List<String[]> lines = answer.text()
                .lines()
                .map(line -> line.split(" ", -1))
                .filter(parts ->
                        parts.length >= FEWEST_PARTS && !parts[2].contains("noaddr") && !parts[2].contains("handshake"))
                .toList();
        Endpoint endpoint = endpoint(lines, answer.endpoints());
        if (endpoint == null) {
            endpoint = useHostNames ? Endpoint.NAME : Endpoint.ADDRESS;
        }
        List<ClusterLine> read = new ArrayList<>();
        for (String[] parts : lines) {
            read.add(line(parts, endpoint, answer.asked()));
        }
        return read;
    }

    /** Returns the host of each node in a reply to CLUSTER SLOTS, by its id; empty where it is that of the node asked. */
    public static Map<String, String> endpoints(@Nullable Object reply) {
        Map<String, String> hosts = new HashMap<>();
        for (Object range : list(reply)) {
            List<?> parts = list(range);
            // Behind the first and the last slot stand the nodes.
            for (Object node : parts.subList(Math.min(2, parts.size()), parts.size())) {
                List<?> fields = list(node);
                if (fields.size() > 2 && fields.get(2) instanceof byte[] id) {
                    hosts.put(text(id), fields.get(0) instanceof byte[] host ? text(host) : "");
                }
            }
        }
        return hosts;
    }

    private static List<?> list(@Nullable Object reply) {
        return reply instanceof List<?> list ? list : List.of();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    boolean isUp() {
        return !flags.contains("fail");
    }

    /** Returns what the node that answers prefers, or null if that cannot be told. */
    private static @Nullable Endpoint endpoint(List<String[]> lines, Map<String, String> endpoints) {
        boolean told = false;
        for (String[] parts : lines) {
            String host = endpoints.get(parts[0]);
            if (host == null) {
                continue;
            }
            Place place = Place.read(parts[1]);
            if (host.isEmpty() && !place.host().isEmpty()) {
                return Endpoint.SAME_HOST;
            }
            if (host.equals(NO_NAME) || (host.equals(place.name()) && !host.equals(place.host()))) {
                return Endpoint.NAME;
            }
            told |= !host.isEmpty();
        }
        return told ? Endpoint.ADDRESS : null;
    }

    private static ClusterLine line(String[] parts, Endpoint endpoint, HostAndPort asked) {
        List<int[]> ranges = new ArrayList<>();
        for (int i = FEWEST_PARTS; i < parts.length; i++) {
            // In brackets stand slots on their way to or from the node, which their owner lists as well.
            if (!parts[i].startsWith("[")) {
                int dash = parts[i].indexOf('-');
                int from = Integer.parseInt(dash < 0 ? parts[i] : parts[i].substring(0, dash));
                ranges.add(new int[] {from, dash < 0 ? from : Integer.parseInt(parts[i].substring(dash + 1))});
            }
        }
        Place place = Place.read(parts[1]);
        return new ClusterLine(
                parts[0],
                place.reached(endpoint, asked),
                List.of(place.reached(Endpoint.ADDRESS, asked), place.reached(Endpoint.NAME, asked)),
                parts[2],
                parts[3],
                Long.parseLong(parts[6]),
                ranges);
    }
}
