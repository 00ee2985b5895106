package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster that this manager connects to, by address.
 *
 * <p>A node with several addresses is one node. A node that has left the cluster is closed once its last call has
 * ended.
 *
 * <p>Thread-safe.
 */
final class ClusterMembers {

    private static final long RETIRING_STEP_MILLIS = 20;

    private final Function<HostAndPort, RedisNode> connect;
    private final Scheduler scheduler;

    // Guarded by this: the nodes by the address at which each is reached, and the nodes that have left.
    private final Map<HostAndPort, RedisNode> nodes = new LinkedHashMap<>();
    private final Set<RedisNode> retiring = new HashSet<>();
    private Map<String, HostAndPort> addresses = Map.of();
    private Map<HostAndPort, HostAndPort> aliases = Map.of();
    private boolean closed;

    /** @param connect creates a node without connecting it */
    ClusterMembers(Function<HostAndPort, RedisNode> connect, Scheduler scheduler) {
        this.connect = connect;
        this.scheduler = scheduler;
    }

    /** Returns the node at {@code address}; it is closed if this is. */
    RedisNode at(HostAndPort address) {
        RedisNode node;
        boolean late;
        synchronized (this) {
            node = nodes.computeIfAbsent(aliases.getOrDefault(address, address), connect);
            late = closed;
        }
        if (late) {
            node.close();
        }
        return node;
    }

    /** Returns whether {@code address} belongs to a known node. */
    synchronized boolean contain(HostAndPort address) {
        return nodes.containsKey(address) || aliases.containsKey(address) || addresses.containsValue(address);
    }

    /** Returns the address at which each node is reached, by node id. */
    synchronized Map<String, HostAndPort> addresses() {
        return addresses;
    }

    /** Adopts the names and addresses of {@code view}. */
    synchronized void learn(ClusterView view) {
        addresses = view.addresses();
        aliases = view.aliases();
    }

    /** Retires every node that no longer belongs to the cluster. */
    synchronized void keepOnly(Set<HostAndPort> members) {
        Set<HostAndPort> gone = new HashSet<>(nodes.keySet());
        gone.removeAll(members);
        gone.forEach(address -> {
            RedisNode node = nodes.remove(address);
            if (node != null) {
                retiring.add(node);
                scheduler.schedule(() -> retire(node), RETIRING_STEP_MILLIS);
            }
        });
    }

    synchronized List<RedisNode> all() {
        return List.copyOf(nodes.values());
    }

    /** Returns the nodes, and those that still have calls under way after they have left the cluster. */
    synchronized List<RedisNode> nodes() {
        return Stream.concat(nodes.values().stream(), retiring.stream()).toList();
    }

    /** Returns why no node can be reached, or null if one can be or has not been tried. */
    synchronized @Nullable RedisFailure failure() {
        RedisFailure why = null;
        for (RedisNode node : nodes.values()) {
            why = node.failure();
            if (why == null) {
                return null;
            }
        }
        return why;
    }

    void close() {
        List<RedisNode> last;
        synchronized (this) {
            closed = true;
            last = new ArrayList<>(nodes.values());
            last.addAll(retiring);
        }
        last.forEach(RedisNode::close);
    }

    private void retire(RedisNode node) {
        boolean over;
        synchronized (this) {
            over = node.load() == 0;
            if (over) {
                retiring.remove(node);
            } else if (!closed) {
                scheduler.schedule(() -> retire(node), RETIRING_STEP_MILLIS);
            }
        }
        if (over) {
            scheduler.background().execute(node::close);
        }
    }
}
