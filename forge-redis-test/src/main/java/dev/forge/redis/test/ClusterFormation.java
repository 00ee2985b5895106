package dev.forge.redis.test;

import dev.forge.redis.test.server.Directive;
import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.ServerConfiguration;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Starts the nodes of a cluster, which do not know each other, and joins them as redis-cli --cluster create does. */
final class ClusterFormation {
    private static final List<Directive> DEFAULTS =
            List.of(Directive.of("cluster-node-timeout", "2000"), Directive.of("repl-diskless-sync-delay", "0"));

    private final List<Directive> options;
    private final int primaries;
    private final int replicas;
    private final boolean proxies;

    /** The first {@code primaries} nodes get the slots; the others become their {@code replicas}, in turn. */
    ClusterFormation(List<Directive> options, int primaries, int replicas, boolean proxies) {
        this.options = options;
        this.primaries = primaries;
        this.replicas = replicas;
        this.proxies = proxies;
    }

    /** Returns the nodes as soon as each has its place; they may not all know that yet. */
    List<EmbeddedRedis> form(ServerGroup group) {
        List<EmbeddedRedis> nodes = Stream.generate(() -> start(group))
                .limit((long) primaries * (1 + replicas))
                .toList();
        join(nodes, group);
        return nodes;
    }

    private EmbeddedRedis start(ServerGroup group) {
        return proxies
                ? group.startBehindProxy(
                        node(), port -> List.of(Directive.of("cluster-announce-port", Integer.toString(port))))
                : group.start(node());
    }

    private EmbeddedRedis.Builder node() {
        Stream<Directive> logins = options.stream()
                .filter(option -> option.is("requirepass"))
                .map(option -> new Directive("masterauth", option.arguments()));
        Stream<Directive> fixed = Stream.of(Directive.of("cluster-enabled", "yes"));
        return EmbeddedRedis.builder()
                .options(Stream.of(DEFAULTS.stream(), logins, options.stream(), fixed)
                        .flatMap(part -> part)
                        .toList());
    }

    private void join(List<EmbeddedRedis> nodes, ServerGroup group) {
        try {
            for (int index = 0; index < nodes.size(); index++) {
                // Two primaries with the same epoch would first have to resolve whose claims are newer.
                nodes.get(index).ask("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(index + 1));
            }
            for (int index = 0; index < primaries; index++) {
                nodes.get(index).ask(addSlots(index));
            }
            introduce(nodes, group);
            for (int index = primaries; index < nodes.size(); index++) {
                replicate(nodes.get(index), nodes.get(index % primaries));
            }
        } catch (IOException failure) {
            throw new EmbeddedRedisException("The cluster could not be formed: " + failure.getMessage(), failure);
        }
    }

    /** Introduces every node to every other, which gossip would need seconds for. */
    private static void introduce(List<EmbeddedRedis> nodes, ServerGroup group) throws IOException {
        for (EmbeddedRedis node : nodes) {
            for (EmbeddedRedis other : nodes.subList(0, nodes.indexOf(node))) {
                node.ask(
                        "CLUSTER",
                        "MEET",
                        "127.0.0.1",
                        Integer.toString(group.portOf(other)),
                        Integer.toString(other.port() + ServerConfiguration.BUS));
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
