package dev.forge.redis.test;

import dev.forge.redis.test.server.EmbeddedRedisException;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Forms a cluster from nodes that do not know each other, as redis-cli --cluster create does. */
final class ClusterFormation {
    /** The cluster bus of a node has its port plus this. */
    private static final int BUS = 10_000;

    private final ServerGroup group;
    private final List<EmbeddedRedis> nodes;
    private final int primaries;

    /** The first {@code primaries} nodes get the slots; the others become their replicas, in turn. */
    ClusterFormation(ServerGroup group, List<EmbeddedRedis> nodes, int primaries) {
        this.group = group;
        this.nodes = nodes;
        this.primaries = primaries;
    }

    void form() {
        try {
            for (int index = 0; index < nodes.size(); index++) {
                // Two primaries with the same epoch would first have to resolve whose claims are newer.
                nodes.get(index).ask("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(index + 1));
            }
            for (int index = 0; index < primaries; index++) {
                nodes.get(index).ask(addSlots(index));
            }
            introduce();
            for (int index = primaries; index < nodes.size(); index++) {
                replicate(nodes.get(index), nodes.get(index % primaries));
            }
        } catch (IOException failure) {
            throw new EmbeddedRedisException("The cluster could not be formed: " + failure.getMessage(), failure);
        }
    }

    /** Introduces every node to every other, which gossip would need seconds for. */
    private void introduce() throws IOException {
        for (EmbeddedRedis node : nodes) {
            for (EmbeddedRedis other : nodes.subList(0, nodes.indexOf(node))) {
                node.ask(
                        "CLUSTER",
                        "MEET",
                        "127.0.0.1",
                        Integer.toString(group.portOf(other)),
                        Integer.toString(other.port() + BUS));
            }
        }
    }

    private static void replicate(EmbeddedRedis replica, EmbeddedRedis primary) throws IOException {
        String id = primary.ask("CLUSTER", "MYID");
        Patience.await(
                "Making " + replica.url() + " a replica of " + primary.url(),
                Patience.DEFAULT,
                () -> replica.ask("CLUSTER", "REPLICATE", id));
    }

    private String[] addSlots(int index) {
        Stream<String> slots =
                IntStream.range(firstSlot(index), firstSlot(index + 1)).mapToObj(Integer::toString);
        return Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots).toArray(String[]::new);
    }

    private int firstSlot(int index) {
        return HashSlot.COUNT * index / primaries;
    }
}
