package dev.forge.redis.test;

import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** One node of a cluster as a node describes it: a line of CLUSTER NODES. */
record ClusterMember(String id, int port, Set<String> flags, String primaryId, long epoch, BitSet slots) {
    private static final int FIXED_FIELDS = 8;

    /** All nodes, as the server at the other end describes them. */
    static List<ClusterMember> parse(String clusterNodes) {
        return clusterNodes.lines().map(ClusterMember::parseLine).toList();
    }

    private static ClusterMember parseLine(String line) {
        String[] fields = line.split(" ", -1);
        // The address is ip:port@busport, and since 7.0 a comma and more may follow; the ip may be missing.
        String address = fields[1].substring(0, fields[1].indexOf('@'));
        BitSet slots = new BitSet(HashSlot.COUNT);
        for (int index = FIXED_FIELDS; index < fields.length; index++) {
            addSlots(fields[index], slots);
        }
        return new ClusterMember(
                fields[0],
                Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)),
                Set.of(fields[2].split(",", -1)),
                fields[3],
                Long.parseLong(fields[6]),
                slots);
    }

    /** A slot, a range of slots, or a migrating slot in brackets, which is also listed without them. */
    private static void addSlots(String field, BitSet slots) {
        if (field.startsWith("[")) {
            return;
        }
        String[] ends = field.split("-", -1);
        slots.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
    }

    boolean isMyself() {
        return flags.contains("myself");
    }

    boolean isReplica() {
        return flags.contains("slave");
    }

    /** Whether both have been introduced to each other. */
    boolean isKnown() {
        return !flags.contains("handshake") && !flags.contains("noaddr");
    }

    boolean isFailing() {
        return flags.contains("fail") || flags.contains("fail?");
    }
}
