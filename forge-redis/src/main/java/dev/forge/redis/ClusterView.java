package dev.forge.redis;

import dev.forge.redis.RedisEndpoint.HostAndPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who serves which slot of a cluster, as some of its nodes see it.
 *
 * <p>Where they disagree the owner with the higher configuration epoch is right, which is the rule of the cluster itself
 * ("Redis cluster specification", section on configuration epochs). So a node that was cut off does not lead astray.
 *
 * @param owners the primary of each slot, or null where nobody serves it
 * @param replicas the replicas of each primary that are up
 * @param members every node that belongs to the cluster
 */
record ClusterView(
        List<@Nullable HostAndPort> owners, Map<HostAndPort, List<HostAndPort>> replicas, Set<HostAndPort> members) {

    static final int SLOTS = 16_384;

    /** One node's answer to CLUSTER NODES, and the address that it was asked at. */
    record Answer(HostAndPort asked, String text) {}

    /**
     * Returns what {@code answers} say together.
     *
     * @param useHostNames whether to prefer the names that nodes announce to their addresses, as certificates do
     */
    static ClusterView of(List<Answer> answers, boolean useHostNames) {
        @Nullable HostAndPort[] owners = new HostAndPort[SLOTS];
        long[] epochs = new long[SLOTS];
        Map<HostAndPort, List<HostAndPort>> replicas = new HashMap<>();
        Set<HostAndPort> members = new HashSet<>();
        for (Answer answer : answers) {
            List<Line> lines = answer.text()
                    .lines()
                    .map(line -> Line.read(line, answer.asked(), useHostNames))
                    .filter(line -> line != null)
                    .toList();
            Map<String, HostAndPort> primaries = new HashMap<>();
            for (Line line : lines) {
                members.add(line.address());
                primaries.put(line.id(), line.address());
                for (int[] range : line.ranges()) {
                    for (int slot = range[0]; slot <= range[1]; slot++) {
                        // An epoch may be 0.
                        if (owners[slot] == null || line.epoch() > epochs[slot]) {
                            owners[slot] = line.address();
                            epochs[slot] = line.epoch();
                        }
                    }
                }
            }
            for (Line line : lines) {
                HostAndPort primary = primaries.get(line.primary());
                if (primary != null && line.isUp()) {
                    List<HostAndPort> those = replicas.computeIfAbsent(primary, none -> new ArrayList<>());
                    if (!those.contains(line.address())) {
                        those.add(line.address());
                    }
                }
            }
        }
        List<@Nullable HostAndPort> all = new ArrayList<>(SLOTS);
        for (HostAndPort owner : owners) {
            all.add(owner);
        }
        return new ClusterView(all, replicas, members);
    }

    /** One node in an answer. */
    private record Line(String id, HostAndPort address, String flags, String primary, long epoch, List<int[]> ranges) {

        /** Returns what a line says, or null if it speaks of a node that cannot be reached by anybody. */
        static @Nullable Line read(String text, HostAndPort asked, boolean useHostNames) {
            String[] parts = text.split(" ", -1);
            if (parts.length < 8 || parts[2].contains("noaddr") || parts[2].contains("handshake")) {
                return null;
            }
            List<int[]> ranges = new ArrayList<>();
            for (int i = 8; i < parts.length; i++) {
                // In brackets stand slots on their way to or from the node, which their owner lists as well.
                if (!parts[i].startsWith("[")) {
                    int dash = parts[i].indexOf('-');
                    int from = Integer.parseInt(dash < 0 ? parts[i] : parts[i].substring(0, dash));
                    ranges.add(new int[] {from, dash < 0 ? from : Integer.parseInt(parts[i].substring(dash + 1))});
                }
            }
            return new Line(
                    parts[0],
                    address(parts[1], asked, useHostNames),
                    parts[2],
                    parts[3],
                    Long.parseLong(parts[6]),
                    ranges);
        }

        /** Reads {@code ip:port@bus-port[,host name]}; a node that does not know its own address leaves it out. */
        private static HostAndPort address(String text, HostAndPort asked, boolean useHostNames) {
            String[] parts = text.split(",", -1);
            String plain = parts[0].contains("@") ? parts[0].substring(0, parts[0].indexOf('@')) : parts[0];
            int colon = plain.lastIndexOf(':');
            String host = plain.substring(0, colon);
            if (useHostNames && parts.length > 1 && !parts[1].isEmpty() && !parts[1].contains("=")) {
                host = parts[1];
            }
            return new HostAndPort(host.isEmpty() ? asked.host() : host, Integer.parseInt(plain.substring(colon + 1)));
        }

        boolean isUp() {
            return !flags.contains("fail");
        }
    }
}
