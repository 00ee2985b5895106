package dev.forge.redis.internal.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of a CLUSTER NODES reply: a node as another node sees it.
 *
 * @param preferred the address at which to reach the node
 * @param all every address of the node
 */
public record ClusterLine(
        String id,
        HostAndPort preferred,
        List<HostAndPort> all,
        Set<String> flags,
        String primary,
        long epoch,
        List<int[]> ranges) {

    // Stands for the host name of a node that has not announced one.
    private static final String NO_NAME = "?";

    private static final int FEWEST_PARTS = 8;

    private static final Set<String> UNUSABLE = Set.of("noaddr", "handshake");

    // The question mark: the node that answered believes so, and the majority has not agreed yet.
    private static final Set<String> FAILED = Set.of("fail", "fail?");

    /** How the nodes want to be reached: {@code cluster-preferred-endpoint-type}. */
    private enum Endpoint {
        ADDRESS,
        NAME,
        SAME_HOST
    }

    /** The location of a node, as one reply gives it. */
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

        /** Returns the address to use; a node that does not know its own address leaves the host empty. */
        HostAndPort reached(Endpoint endpoint, HostAndPort asked) {
            String given = endpoint == Endpoint.NAME && !name.isEmpty() ? name : host;
            return new HostAndPort(endpoint == Endpoint.SAME_HOST || given.isEmpty() ? asked.host() : given, port);
        }
    }

    /** Reads {@code answer}, without nodes that have no address or are still in the handshake. */
    static List<ClusterLine> read(ClusterView.Answer answer, boolean useHostNames) {
        List<String[]> lines = answer.text()
                .lines()
                .map(line -> line.split(" ", -1))
                .filter(parts -> parts.length >= FEWEST_PARTS && Collections.disjoint(flags(parts), UNUSABLE))
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

    /** Returns the host of each node in a CLUSTER SLOTS reply, by node id; empty means the host of the node asked. */
    public static Map<String, String> endpoints(@Nullable Object reply) {
        Map<String, String> hosts = new HashMap<>();
        for (Object range : list(reply)) {
            List<?> parts = list(range);
            // The nodes follow the first and the last slot.
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
        return Collections.disjoint(flags, FAILED);
    }

    private static Set<String> flags(String[] parts) {
        return Set.copyOf(Arrays.asList(parts[2].split(",", -1)));
    }

    /** Returns how the answering node wants nodes to be reached, or null if its reply does not show it. */
    private static @Nullable Endpoint endpoint(List<String[]> lines, Map<String, String> endpoints) {
        boolean hasHost = false;
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
            hasHost |= !host.isEmpty();
        }
        return hasHost ? Endpoint.ADDRESS : null;
    }

    private static ClusterLine line(String[] parts, Endpoint endpoint, HostAndPort asked) {
        List<int[]> ranges = new ArrayList<>();
        for (int i = FEWEST_PARTS; i < parts.length; i++) {
            // Brackets mark slots that migrate to or from the node; their owner lists them without brackets as well.
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
                flags(parts),
                parts[3],
                Long.parseLong(parts[6]),
                ranges);
    }
}
