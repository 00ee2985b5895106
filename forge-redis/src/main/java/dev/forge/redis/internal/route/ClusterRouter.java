package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.thread.Scheduler;
import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The way to the nodes of a cluster.
 *
 * <p>A call goes to the node that serves the slot of its key, as {@link ClusterTopology} knows it. One that reaches the wrong node
 * has not run, and is sent on to the node that the answer names. If that is the very address that was asked, which managed
 * services answer while they replace what is behind it, the way there is made again first.
 */
final class ClusterRouter implements CommandRouter {

    private static final int MOST_REDIRECTS = 5;
    private static final long TRY_AGAIN_MILLIS = 20;

    private final ClusterTopology map;
    private final boolean readFromReplicas;
    private final Scheduler scheduler;

    // Guarded by this: the calls that wait for the first map.
    private final Queue<Call<?>> waiting = new ArrayDeque<>();

    ClusterRouter(ClusterTopology map, boolean readFromReplicas, Scheduler scheduler) {
        this.map = map;
        this.readFromReplicas = readFromReplicas;
        this.scheduler = scheduler;
    }

    /** Finds the nodes and connects to every primary. */
    @Override
    public CompletableFuture<Void> open() {
        return map.open().whenComplete((done, failure) -> slotTable());
    }

    @Override
    public void dispatch(Call<?> call) {
        RedisNode node = nodeFor(call);
        if (node != null) {
            node.dispatch(call);
        } else {
            keep(call);
        }
    }

    @Override
    public void dispatchAgain(Call<?> call) {
        RedisNode node = nodeFor(call);
        if (node == null) {
            keep(call);
        } else if (node.isUp()) {
            node.dispatch(call);
        } else {
            node.dispatchAgain(call);
        }
    }

    @Override
    public boolean redirect(Call<?> call, RefusalReason reason, String error) {
        switch (reason) {
            case MOVED, ASK -> {
                if (reason == RefusalReason.MOVED) {
                    map.refresh();
                }
                RedisNode target = map.nodeNamedIn(error, call);
                if (target == null && reason == RefusalReason.MOVED) {
                    // The nodes know where it is, even where they may not say so here.
                    return tryAgain(call);
                }
                if (target == null || ++call.repeats > MOST_REDIRECTS || !call.startOver()) {
                    return false;
                }
                call.asking = reason == RefusalReason.ASK;
                CallConnection sender = call.connection;
                if (sender != null && sender.address().equals(target.address())) {
                    target.dispatchAnew(call, sender);
                } else {
                    target.dispatch(call);
                }
                return true;
            }
            case TRYAGAIN -> {
                return tryAgain(call);
            }
            case CLUSTERDOWN, READONLY -> {
                map.refresh();
                return false;
            }
            default -> {
                return false;
            }
        }
    }

    /** Sends a call whose keys are on their way to another node once more, until its time is up. */
    private boolean tryAgain(Call<?> call) {
        if (!call.startOver()) {
            return false;
        }
        try {
            scheduler.after(TRY_AGAIN_MILLIS, () -> {
                call.asking = false;
                call.repeats = 0;
                dispatch(call);
            });
        } catch (RejectedExecutionException e) {
            return false;
        }
        return true;
    }

    /** Returns the node that serves the key of {@code call}, any if it has none, or null while no node is known. */
    private @Nullable RedisNode nodeFor(Call<?> call) {
        SlotTable slotTable = map.slotTable();
        if (slotTable == null) {
            return null;
        }
        byte[] key = call.key();
        int slot = key == null ? ThreadLocalRandom.current().nextInt(ClusterView.SLOTS) : SlotHash.getSlot(key);
        if (readFromReplicas && key != null && call.command().isRead()) {
            RedisNode replica = slotTable.replicaOf(slot);
            if (replica != null) {
                return replica;
            }
        }
        return slotTable.primaryOf(slot);
    }

    private void keep(Call<?> call) {
        RedisFailure failure = null;
        synchronized (this) {
            if (map.slotTable() == null) {
                failure = map.failure();
                if (failure == null && waiting.size() >= PipelinedConnection.MOST_IN_FLIGHT) {
                    failure = PipelinedConnection.full(map.address());
                }
                if (failure == null) {
                    waiting.add(call);
                }
            }
        }
        if (failure != null) {
            call.refuse(failure);
        } else {
            open();
        }
    }

    /** Sends what has waited for the map, or refuses it if there is still none. */
    private void slotTable() {
        List<Call<?>> calls;
        synchronized (this) {
            calls = List.copyOf(waiting);
            waiting.clear();
        }
        RedisFailure failure = map.slotTable() == null ? map.failure() : null;
        for (Call<?> call : calls) {
            if (failure != null) {
                call.refuse(failure);
            } else {
                dispatch(call);
            }
        }
    }

    @Override
    public List<RedisNode> primaries() {
        SlotTable slotTable = map.slotTable();
        return slotTable == null ? List.of() : slotTable.primaries();
    }

    @Override
    public RedisNode primaryOf(int slot) {
        SlotTable slotTable = map.slotTable();
        if (slotTable == null) {
            throw new IllegalStateException("no node of " + map.address() + " is known");
        }
        return slotTable.primaryOf(slot);
    }

    @Override
    public void refresh() {
        map.refresh();
    }

    @Override
    public long version() {
        SlotTable slotTable = map.slotTable();
        return slotTable == null ? 0 : slotTable.version();
    }

    @Override
    public boolean isCluster() {
        return true;
    }

    @Override
    public void tick() {
        map.tick();
    }

    @Override
    public int load() {
        int load = map.load();
        synchronized (this) {
            return load + waiting.size();
        }
    }

    @Override
    public void close() {
        map.close();
        slotTable();
    }
}
