package dev.forge.redis.test;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.forge.redis.test.Patience.NotYet;
import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The views that the nodes of a cluster have of it at one moment, of those that answer. */
final class ClusterView {
    private final Map<Integer, EmbeddedRedis> nodes;
    private final Map<EmbeddedRedis, List<ClusterMember>> views;

    ClusterView(Map<Integer, EmbeddedRedis> nodes, Map<EmbeddedRedis, List<ClusterMember>> views) {
        this.nodes = nodes;
        this.views = views;
    }

    /** Asks each node that is awake, by the port that it announces. Ignores nodes that do not answer. */
    static ClusterView of(Map<Integer, EmbeddedRedis> nodes) {
        Map<EmbeddedRedis, List<ClusterMember>> views = new LinkedHashMap<>();
        for (EmbeddedRedis node : nodes.values()) {
            if (node.isAwake()) {
                Patience.ask(() -> node.ask("CLUSTER", "NODES"))
                        .ifPresent(answer -> views.put(node, ClusterMember.parse(answer)));
            }
        }
        return new ClusterView(nodes, views);
    }

    Set<EmbeddedRedis> answering() {
        return views.keySet();
    }

    /** The node with the newest claim to a slot, alive or not. */
    Optional<EmbeddedRedis> ownerOf(int slot) {
        return views.values().stream()
                .flatMap(List::stream)
                .filter(member -> member.slots().get(slot))
                .max(Comparator.comparingLong(ClusterMember::epoch))
                .map(member -> node(member.port()));
    }

    /** The nodes that {@link #ownerOf} returns for some slot. */
    Set<EmbeddedRedis> owners() {
        BitSet claimed = new BitSet(HashSlot.COUNT);
        return views.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(ClusterMember::epoch).reversed())
                .filter(member -> claimsMore(member, claimed))
                .map(member -> node(member.port()))
                .collect(toSet());
    }

    /** The nodes that answer and report to be replicas of this one. */
    List<EmbeddedRedis> replicasOf(EmbeddedRedis primary) {
        return views.keySet().stream()
                .filter(node -> myself(node).isReplica() && primaryOf(node).equals(Optional.of(primary)))
                .toList();
    }

    /** The primary of a replica that answers. */
    Optional<EmbeddedRedis> primaryOf(EmbeddedRedis replica) {
        return viewOf(replica).stream()
                .filter(member -> member.id().equals(myself(replica).primaryId()))
                .map(member -> node(member.port()))
                .findFirst();
    }

    /** Throws unless every node answers, knows all others, and regards none as failing. */
    void requireAll() throws NotYet {
        for (EmbeddedRedis node : nodes.values()) {
            Patience.require(views.containsKey(node), node.url() + " does not answer");
            List<ClusterMember> members = viewOf(node);
            Patience.require(
                    members.size() == nodes.size() && members.stream().allMatch(ClusterMember::isKnown),
                    node.url() + " does not know all others");
            Patience.require(
                    members.stream().noneMatch(ClusterMember::isFailing), node.url() + " sees another as failing");
        }
    }

    /**
     * The slots of each node. All nodes that answer must agree, including on how new each claim is, and the owner of
     * every slot must answer.
     */
    Map<EmbeddedRedis, BitSet> requireAgreement() throws NotYet {
        Patience.require(!views.isEmpty(), "no node answers");
        Map<Integer, Claim> agreed = claims(views.values().iterator().next());
        for (Map.Entry<EmbeddedRedis, List<ClusterMember>> view : views.entrySet()) {
            Patience.require(
                    claims(view.getValue()).equals(agreed),
                    view.getKey().url() + " has another view of the owners of slots");
        }
        BitSet all = new BitSet(HashSlot.COUNT);
        Map<EmbeddedRedis, BitSet> owners = new LinkedHashMap<>();
        agreed.forEach((port, claim) -> {
            all.or(claim.slots());
            owners.put(node(port), claim.slots());
        });
        Patience.require(all.cardinality() == HashSlot.COUNT, "only " + all.cardinality() + " slots have a primary");
        for (EmbeddedRedis owner : owners.keySet()) {
            Patience.require(views.containsKey(owner), owner.url() + " has slots and does not answer");
        }
        return owners;
    }

    /**
     * Like {@link #requireAgreement}. Each slot must also accept writes, and every node that answers must report the
     * cluster as healthy.
     */
    Map<EmbeddedRedis, BitSet> requireWritable() throws IOException {
        Map<EmbeddedRedis, BitSet> owners = requireAgreement();
        for (EmbeddedRedis node : answering()) {
            Patience.require(
                    node.ask("CLUSTER", "INFO").contains("cluster_state:ok"),
                    node.url() + " regards the cluster as down");
        }
        for (Map.Entry<EmbeddedRedis, BitSet> owner : owners.entrySet()) {
            try (RedisConnection connection = owner.getKey().connect(Duration.ofSeconds(1))) {
                // A write that changes nothing: the key does not exist, and in a migrating slot it may be elsewhere.
                String answer = connection.call("DEL", HashSlot.keyIn(owner.getValue()));
                Patience.require(
                        answer.startsWith(":") || answer.startsWith("-ASK"),
                        owner.getKey().url() + " answered a write with " + answer);
            }
        }
        return owners;
    }

    private List<ClusterMember> viewOf(EmbeddedRedis node) {
        return views.getOrDefault(node, List.of());
    }

    private ClusterMember myself(EmbeddedRedis node) {
        return viewOf(node).stream().filter(ClusterMember::isMyself).findFirst().orElseThrow();
    }

    private EmbeddedRedis node(int port) {
        EmbeddedRedis node = nodes.get(port);
        if (node == null) {
            throw new EmbeddedRedisException("The cluster has an unknown node on port " + port);
        }
        return node;
    }

    private static boolean claimsMore(ClusterMember member, BitSet claimed) {
        int before = claimed.cardinality();
        claimed.or(member.slots());
        return claimed.cardinality() > before;
    }

    /**
     * The slots of a node, and how new its claim to them is. A node that does not know the newest one of another may
     * believe that its own is newer when it takes a slot over, and then loses the slot again.
     */
    private record Claim(BitSet slots, long epoch) {}

    private static Map<Integer, Claim> claims(List<ClusterMember> view) {
        return view.stream()
                .filter(member -> !member.slots().isEmpty())
                .collect(toMap(ClusterMember::port, member -> new Claim(member.slots(), member.epoch())));
    }
}
