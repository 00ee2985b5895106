package dev.forge.redis.test;

import static java.util.stream.Collectors.joining;

import dev.forge.redis.test.Patience.NotYet;
import dev.forge.redis.test.server.Directive;
import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.ServerConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A private, real Redis Cluster for tests and development: each node is an {@link EmbeddedRedis}.
 *
 * <p>Any node can be frozen, thawed, killed and restarted. A restarted node keeps its place in the cluster, and is
 * empty until it has copied the data of its primary. A primary that restarts before the others have found it dead
 * stays empty, and so do its replicas. They find it dead after {@code cluster-node-timeout}, here 2 s, and a replica
 * takes over a second or so later.
 *
 * <p>All nodes are removed as one {@link EmbeddedRedis} is: by {@link #close}, and when the JVM ends in any way.
 *
 * <pre>{@code
 * try (EmbeddedRedisCluster cluster = EmbeddedRedisCluster.start()) {
 *     connectTo(cluster.url());
 *     cluster.primaryOf("greeting").kill();
 *     cluster.awaitWritable(Duration.ofSeconds(20));
 * }
 * }</pre>
 *
 * <p>Thread-safe. Methods that fail because of a node or the system throw {@link EmbeddedRedisException}, and
 * {@link IllegalStateException} after {@link #close}.
 */
public final class EmbeddedRedisCluster implements AutoCloseable {
    private static final Duration PROMOTION_LIMIT = Duration.ofSeconds(6);
    private static final int PROMOTION_ATTEMPTS = 3;

    private final ServerGroup group;
    private final List<EmbeddedRedis> nodes;
    private final Map<Integer, SlotMove> moves = new ConcurrentHashMap<>();

    private EmbeddedRedisCluster(ServerGroup group, List<EmbeddedRedis> nodes) {
        this.group = group;
        this.nodes = List.copyOf(nodes);
    }

    /** Starts three primaries with one replica each, with the default options; see {@link Builder#start}. */
    public static EmbeddedRedisCluster start() {
        return builder().start();
    }

    /** A builder, for another number of nodes and for options. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The slot of a key, from 0 to 16383; for a key with a hash tag, such as {@code {ada}:name}, the slot of the tag.
     */
    public static int slotOf(String key) {
        return HashSlot.of(key);
    }

    /**
     * The address of all nodes: {@code redis-cluster://127.0.0.1:PORT,127.0.0.1:PORT,…}, without a password; or that of
     * their proxies, if they are {@linkplain Builder#behindProxies behind proxies}.
     */
    public String url() {
        return nodes.stream()
                .map(node -> "127.0.0.1:" + group.portOf(node))
                .collect(joining(",", "redis-cluster://", ""));
    }

    /** All nodes, always in the same order: first those that began as primaries. */
    public List<EmbeddedRedis> nodes() {
        return nodes;
    }

    /**
     * The proxy in front of a node, for faults on the way to it.
     *
     * @throws IllegalStateException if the cluster was not started {@linkplain Builder#behindProxies behind proxies}
     */
    public FaultProxy proxyOf(EmbeddedRedis node) {
        return group.proxyOf(member(node));
    }

    /** The nodes that own slots now, as {@link #primaryOf} determines it. */
    public List<EmbeddedRedis> primaries() {
        Set<EmbeddedRedis> owners = view().owners();
        return nodes.stream().filter(owners::contains).toList();
    }

    /**
     * The owner of the slot of this key, by the newest claim that a node that answers knows. A dead node stays the
     * owner until a replica has taken over.
     */
    public EmbeddedRedis primaryOf(String key) {
        return ownerOf(HashSlot.of(key));
    }

    /** A replica of this node that answers. */
    public EmbeddedRedis replicaOf(EmbeddedRedis primary) {
        return view().replicasOf(member(primary)).stream()
                .findFirst()
                .orElseThrow(() -> new EmbeddedRedisException("No node that answers is a replica of " + primary.url()));
    }

    /** Moves a slot with all its keys to another primary; every node that answers knows that when this returns. */
    public void moveSlot(int slot, EmbeddedRedis to) {
        if (ownerOf(HashSlot.require(slot)) != member(to)) {
            beginMove(slot, to);
            finishMove(slot);
        }
    }

    /**
     * Begins to move a slot, and leaves it in migration. For a key that its owner does not have, the owner answers
     * ASK with {@code to}. Commands on several keys get TRYAGAIN if a node has only some of them. No
     * key moves until {@link #moveKey} or {@link #finishMove}.
     */
    public void beginMove(int slot, EmbeddedRedis to) {
        SlotMove move = new SlotMove(slot, ownerOf(HashSlot.require(slot)), member(to));
        move.begin();
        moves.put(slot, move);
    }

    /**
     * Moves one key of a slot that is in migration; does nothing if there is no such key.
     *
     * @throws IllegalStateException if {@link #beginMove} was not called for its slot
     */
    public void moveKey(String key) {
        move(HashSlot.of(key)).moveKey(key);
    }

    /**
     * Moves the keys that are left, and then the slot; every node that answers knows that when this returns.
     *
     * @throws IllegalStateException if {@link #beginMove} was not called for it
     */
    public void finishMove(int slot) {
        SlotMove move = move(slot);
        move.moveAllKeys();
        List<EmbeddedRedis> awake =
                primaries().stream().filter(EmbeddedRedis::isAwake).toList();
        move.assign(awake);
        moves.remove(slot);
        move.awaitAgreement(awake, this::view);
    }

    /**
     * Swaps a replica and its primary, without losing a write (CLUSTER FAILOVER): every node that
     * answers knows that when this returns. The primary must be alive; if it lost its place in the last 4 s
     * (twice the node timeout), the others do not vote on it again at once, and it takes up to 10 s.
     */
    public void failOver(EmbeddedRedis replica) {
        promote(replica, "CLUSTER", "FAILOVER");
    }

    /**
     * Promotes a replica in place of its primary, which may be dead or frozen, without a vote (CLUSTER
     * FAILOVER TAKEOVER): every node that answers knows that when this returns.
     */
    public void takeOver(EmbeddedRedis replica) {
        promote(replica, "CLUSTER", "FAILOVER", "TAKEOVER");
    }

    /**
     * Waits until every slot accepts writes, and all nodes that answer agree on the owners. Nodes that are dead or
     * frozen may stay so.
     *
     * @throws EmbeddedRedisException if that takes longer than {@code limit}; the message says what is missing
     */
    public void awaitWritable(Duration limit) {
        Patience.await("Waiting until all slots accept writes", limit, () -> view().requireWritable());
    }

    /**
     * Waits until all is as after the start: every node answers and agrees with all others, every slot accepts
     * writes, and every replica has the data of its primary, so that it can be elected.
     *
     * @throws EmbeddedRedisException if that takes longer than {@code limit}; the message says what is missing
     */
    public void awaitReady(Duration limit) {
        Patience.await("Waiting until all nodes are ready", limit, () -> {
            ClusterView view = view();
            view.requireAll();
            Map<EmbeddedRedis, BitSet> owners = view.requireWritable();
            for (EmbeddedRedis node : nodes) {
                Patience.require(
                        owners.containsKey(node)
                                || node.ask("INFO", "replication").contains("master_link_status:up"),
                        node.url() + " does not have the data of its primary");
            }
            return owners;
        });
    }

    /** Removes all nodes as {@link EmbeddedRedis#close} does. Does nothing the second time. */
    @Override
    public void close() {
        group.close();
    }

    private void promote(EmbeddedRedis replica, String... command) {
        member(replica);
        String goal = "Promoting " + replica.url();
        for (int attempt = 1; ; attempt++) {
            Patience.await(goal, Patience.DEFAULT, () -> replica.ask(command));
            try {
                Patience.await(goal, PROMOTION_LIMIT, () -> requirePrimary(replica));
                return;
            } catch (EmbeddedRedisException failure) {
                // The others do not vote twice on one primary within two timeouts, and it gives up after 5 s.
                if (attempt == PROMOTION_ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }

    private boolean requirePrimary(EmbeddedRedis node) throws NotYet {
        Patience.require(view().requireAgreement().containsKey(node), node.url() + " has not become a primary");
        return true;
    }

    private ClusterView view() {
        group.requireOpen();
        return ClusterView.of(group.byPort(nodes));
    }

    private EmbeddedRedis ownerOf(int slot) {
        return view().ownerOf(slot)
                .orElseThrow(() -> new EmbeddedRedisException("No node that answers knows who owns slot " + slot));
    }

    private SlotMove move(int slot) {
        return Optional.ofNullable(moves.get(slot))
                .orElseThrow(() -> new IllegalStateException(
                        "Slot " + slot + " is not in migration: call beginMove(" + slot + ", …) first"));
    }

    private EmbeddedRedis member(EmbeddedRedis node) {
        if (!nodes.contains(node)) {
            throw new IllegalArgumentException("node must be one of this cluster, but was " + node.url());
        }
        return node;
    }

    /** Collects the options of a cluster. Not thread-safe. */
    public static final class Builder {
        private static final List<String> RESERVED =
                List.of("cluster-enabled", "cluster-config-file", "cluster-port", "replicaof", "slaveof");

        private final List<Directive> options = new ArrayList<>();
        private int primaries = 3;
        private int replicas = 1;
        private boolean proxies;

        private Builder() {}

        /** Sets the number of primaries; the default is 3, the fewest that keep a majority without one. */
        public Builder primaries(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("primaries must be at least 1, but was " + count);
            }
            primaries = count;
            return this;
        }

        /** Sets the number of replicas of each primary; the default is 1. */
        public Builder replicas(int count) {
            if (count < 0) {
                throw new IllegalArgumentException("replicas must be at least 0, but was " + count);
            }
            replicas = count;
            return this;
        }

        /**
         * Adds a directive for every node, as {@link EmbeddedRedis.Builder#option} does. With {@code requirepass},
         * the nodes log in to each other with it too.
         *
         * @throws IllegalArgumentException if it does not fit on one line, or this class sets the directive itself
         */
        public Builder option(String name, String... values) {
            Directive option = ServerConfiguration.option(name, values);
            if (RESERVED.stream().anyMatch(option::is)) {
                throw new IllegalArgumentException("option must not be " + name + ", which is set here");
            }
            options.add(option);
            return this;
        }

        /**
         * Puts a {@link FaultProxy} in front of each node, which announces the proxy's port: see
         * {@link EmbeddedRedisCluster#proxyOf}. Clients and replicas use the proxy; the cluster bus between nodes does
         * not. So a fault can cut a primary off from its clients and replicas, while no node regards it as dead.
         */
        public Builder behindProxies() {
            proxies = true;
            return this;
        }

        /**
         * Starts the cluster; it is as {@link #awaitReady} describes it when this returns, or no process and no
         * file is left. Blocks for some 3 s: for 2 s after its start a primary accepts no writes.
         */
        public EmbeddedRedisCluster start() {
            ServerGroup group = new ServerGroup();
            try {
                List<EmbeddedRedis> nodes = new ClusterFormation(options, primaries, replicas, proxies).form(group);
                EmbeddedRedisCluster cluster = new EmbeddedRedisCluster(group, nodes);
                cluster.awaitReady(Patience.DEFAULT);
                return cluster;
            } catch (RuntimeException | Error failure) {
                group.close();
                throw failure;
            }
        }
    }
}
