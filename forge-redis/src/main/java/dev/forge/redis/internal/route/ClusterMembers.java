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
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster that there are connections to, by their addresses.
 *
 * <p>A node that has several addresses is one node. One that has left the cluster is closed when its last call has ended.
 *
 * <p>Thread-safe.
 */
final class ClusterMembers {

    private static final long RETIRING_STEP_MILLIS = 20;

    private final Function<HostAndPort, RedisNode> connect;
    private final Scheduler scheduler;

    // Guarded by this: the nodes by the addresses that they are reached by, and those that have left.
    private final Map<HostAndPort, RedisNode> nodes = new LinkedHashMap<>();
    private final Set<RedisNode> retiring = new HashSet<>();
    private Map<String, HostAndPort> addresses = Map.of();
    private Map<HostAndPort, HostAndPort> aliases = Map.of();
    private boolean closed;

    /** @param connect makes a node, not yet connected */
    ClusterMembers(Function<HostAndPort, RedisNode> connect, Scheduler scheduler) {
        this.connect = connect;
        this.scheduler = scheduler;
    }

    /** Returns the node that {@code address} leads to. */
    synchronized RedisNode at(HostAndPort address) {
        return nodes.computeIfAbsent(aliases.getOrDefault(address, address), connect);
    }

    /** Returns the address by which each node is reached, by its id. */
    synchronized Map<String, HostAndPort> addresses() {
        return addresses;
    }

    /** Takes the names and addresses of {@code view} for what they are. */
    synchronized void learn(ClusterView view) {
        addresses = view.addresses();
        aliases = view.aliases();
    }

    /** Lets every node go that does not belong to the cluster any more. */
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

    /** Returns how many calls are under way, with those of nodes that have left. */
    synchronized int load() {
        return nodes.values().stream().mapToInt(RedisNode::load).sum()
                + retiring.stream().mapToInt(RedisNode::load).sum();
    }

    /** Returns why none of the nodes can be reached, or null if one can or has not been tried. */
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
