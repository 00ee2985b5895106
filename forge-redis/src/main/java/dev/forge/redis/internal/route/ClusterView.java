package dev.forge.redis.internal.route;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which node serves which slot of a cluster, as some of its nodes see it.
 *
 * <p>Where they disagree the owner with the higher configuration epoch is right, which is the rule of the cluster
 * itself ("Redis cluster specification", section on configuration epochs). So a node that was cut off cannot mislead.
 *
 * <p>A node is identified by its id and may have several addresses. The one that the nodes prefer is used
 * ({@code cluster-preferred-endpoint-type}).
 *
 * @param owners the primary of each slot, or null where no node serves it
 * @param replicas the replicas of each primary that are up
 * @param addresses the address at which each member of the cluster is reached, by node id
 * @param aliases for each other address of a node, the address at which it is reached
 */
public record ClusterView(
        List<@Nullable HostAndPort> owners,
        Map<HostAndPort, List<HostAndPort>> replicas,
        Map<String, HostAndPort> addresses,
        Map<HostAndPort, HostAndPort> aliases) {

    public static final int SLOTS = 16_384;

    /**
     * One node's answer.
     *
     * @param asked the address at which it was asked
     * @param text its answer to CLUSTER NODES
     * @param endpoints the host at which it wants each node to be reached, by node id, from CLUSTER SLOTS
     */
    public record Answer(HostAndPort asked, String text, Map<String, String> endpoints) {}

    /**
     * Merges {@code answers} into one view.
     *
     * @param useHostNames whether to use announced host names rather than addresses, because certificates contain
     *     names; applies only if the nodes state no preference
     * @param known the addresses in use so far, by node id; each is kept while it is still right
     */
    static ClusterView of(List<Answer> answers, boolean useHostNames, Map<String, HostAndPort> known) {
        List<ClusterLine> lines = answers.stream()
                .flatMap(answer -> ClusterLine.read(answer, useHostNames).stream())
                .toList();
        Map<String, HostAndPort> addresses = addresses(lines, known);
        @Nullable HostAndPort[] owners = new HostAndPort[SLOTS];
        long[] epochs = new long[SLOTS];
        Map<HostAndPort, List<HostAndPort>> replicas = new HashMap<>();
        for (ClusterLine line : lines) {
            HostAndPort address = addresses.get(line.id());
            for (int[] range : line.ranges()) {
                for (int slot = range[0]; slot <= range[1]; slot++) {
                    // An epoch may be 0.
                    if (owners[slot] == null || line.epoch() > epochs[slot]) {
                        owners[slot] = address;
                        epochs[slot] = line.epoch();
                    }
                }
            }
            HostAndPort primary = addresses.get(line.primary());
            if (primary != null && address != null && line.isUp()) {
                List<HostAndPort> those = replicas.computeIfAbsent(primary, none -> new ArrayList<>());
                if (!those.contains(address)) {
                    those.add(address);
                }
            }
        }
        return new ClusterView(Arrays.asList(owners), replicas, addresses, aliases(lines, addresses));
    }

    /** Returns the addresses of every node that belongs to the cluster. */
    Set<HostAndPort> members() {
        return Set.copyOf(addresses.values());
    }

    private static Map<String, HostAndPort> addresses(List<ClusterLine> lines, Map<String, HostAndPort> known) {
        Map<String, HostAndPort> addresses = new LinkedHashMap<>();
        for (ClusterLine line : lines) {
            if (line.preferred().equals(known.get(line.id()))) {
                addresses.put(line.id(), line.preferred());
            } else {
                addresses.putIfAbsent(line.id(), line.preferred());
            }
        }
        return addresses;
    }

    private static Map<HostAndPort, HostAndPort> aliases(List<ClusterLine> lines, Map<String, HostAndPort> addresses) {
        Map<HostAndPort, String> ids = new HashMap<>();
        Map<HostAndPort, HostAndPort> aliases = new HashMap<>();
        for (ClusterLine line : lines) {
            HostAndPort address = addresses.get(line.id());
            for (HostAndPort alias : line.all()) {
                String other = ids.putIfAbsent(alias, line.id());
                if (other != null && !other.equals(line.id())) {
                    // A name that several nodes share identifies none of them.
                    aliases.remove(alias);
                } else if (address != null) {
                    aliases.put(alias, address);
                }
            }
        }
        addresses.values().forEach(aliases::remove);
        return aliases;
    }
}
