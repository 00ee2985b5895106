package dev.forge.redis.internal.route;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which node serves which slot of a cluster, at one moment. */
final class SlotTable {
    private final RedisNode[] primaryOf;
    private final Map<RedisNode, List<RedisNode>> replicasOf;
    private final List<RedisNode> primaries;
    private final int unserved;
    private final long version;

    /** @param unserved how many slots have a node in {@code primaryOf} that does not serve them */
    SlotTable(RedisNode[] primaryOf, Map<RedisNode, List<RedisNode>> replicasOf, int unserved, long version) {
        this.primaryOf = primaryOf;
        this.unserved = unserved;
        this.replicasOf = replicasOf;
        this.primaries = List.copyOf(new LinkedHashSet<>(Arrays.asList(primaryOf)));
        this.version = version;
    }

    /**
     * Returns the table of {@code view}, or null if no node serves any slot.
     *
     * @param at returns the node at an address
     * @param last the table so far, or null if there is none
     */
    static @Nullable SlotTable of(ClusterView view, Function<HostAndPort, RedisNode> at, @Nullable SlotTable last) {
        RedisNode[] primaryOf = new RedisNode[ClusterView.SLOTS];
        RedisNode fallback = null;
        for (int slot = 0; slot < primaryOf.length; slot++) {
            HostAndPort owner = view.owners().get(slot);
            if (owner != null) {
                fallback = at.apply(owner);
                primaryOf[slot] = fallback;
            }
        }
        if (fallback == null) {
            return null;
        }
        int unserved = 0;
        for (int slot = 0; slot < primaryOf.length; slot++) {
            if (primaryOf[slot] == null) {
                // Any node can reply that the slot is not served.
                primaryOf[slot] = fallback;
                unserved++;
            }
        }
        Map<RedisNode, List<RedisNode>> replicasOf = new HashMap<>();
        view.replicas()
                .forEach((primary, replicas) -> replicasOf.put(
                        at.apply(primary), replicas.stream().map(at).toList()));
        return last == null
                ? new SlotTable(primaryOf, replicasOf, unserved, 1)
                : last.followedBy(primaryOf, replicasOf, unserved);
    }

    /**
     * Returns the next table. Only a changed primary makes a new version, because a replica that comes or goes moves no
     * key.
     */
    SlotTable followedBy(RedisNode[] nextPrimaries, Map<RedisNode, List<RedisNode>> nextReplicas, int nextUnserved) {
        boolean moved = !Arrays.equals(primaryOf, nextPrimaries);
        if (!moved && unserved == nextUnserved && replicasOf.equals(nextReplicas)) {
            return this;
        }
        return new SlotTable(nextPrimaries, nextReplicas, nextUnserved, moved ? version + 1 : version);
    }

    /** Returns every primary and replica that serves a slot. */
    List<RedisNode> nodes() {
        List<RedisNode> nodes = new ArrayList<>(primaries);
        replicasOf.values().forEach(nodes::addAll);
        return nodes;
    }

    RedisNode primaryOf(int slot) {
        return primaryOf[slot];
    }

    /** Returns a random replica of the slot that can be reached and serves reads, or null if there is none. */
    @Nullable
    RedisNode replicaOf(int slot) {
        return Replicas.serving(replicasOf(slot), ThreadLocalRandom.current().nextInt());
    }

    /** Returns the replica of the slot at {@code address}, or null if there is none. */
    @Nullable
    RedisNode replicaAt(int slot, String address) {
        return Replicas.at(address, replicasOf(slot));
    }

    private List<RedisNode> replicasOf(int slot) {
        return replicasOf.getOrDefault(primaryOf[slot], List.of());
    }

    List<RedisNode> primaries() {
        return primaries;
    }

    /** Returns how many slots no node serves. */
    int unserved() {
        return unserved;
    }

    /** Returns a number that changes whenever a slot gets another primary. */
    long version() {
        return version;
    }
}
