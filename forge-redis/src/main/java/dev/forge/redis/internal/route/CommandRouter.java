package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Call;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sends each call to the node that serves its key: the only one, or one of a cluster. */
public sealed interface CommandRouter permits SingleNodeRouter, ClusterRouter {

    /** Connects unless already connected; the result ends with the attempt. */
    CompletableFuture<Void> open();

    /** Sends {@code call} to the node that serves its key, or refuses it. */
    void dispatch(Call<?> call);

    /**
     * Sends a read whose connection was lost to the node that now serves its key, once it is reachable, or refuses it.
     */
    void dispatchAgain(Call<?> call);

    /** Returns whether {@code call}, which a node refused with {@code error}, was sent again and must not end yet. */
    boolean redirect(Call<?> call, RefusalReason reason, String error);

    /** Returns the nodes that take writes, each once. */
    List<RedisNode> primaries();

    /** Returns all nodes that calls are sent to, including replicas and nodes that are being left. */
    List<RedisNode> nodes();

    /** Returns the node that takes writes to {@code slot}; there is one if {@link #primaries()} is not empty. */
    RedisNode primaryOf(int slot);

    /** Returns how many slots no node serves. */
    int unserved();

    /** Finds out again, shortly, which nodes serve the keys. */
    void refresh();

    /** Returns a number that changes whenever a key gets another primary. */
    long version();

    /** Returns whether the keys of one command have to be in one slot. */
    boolean isCluster();

    /** Checks the connections; called a few times per second. */
    void tick();

    /** Returns how many calls are under way or waiting. */
    default int load() {
        return nodes().stream().mapToInt(RedisNode::load).sum();
    }

    void close();
}
