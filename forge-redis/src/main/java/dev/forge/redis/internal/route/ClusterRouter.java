package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.ThreadAffinity;
import dev.forge.redis.internal.connection.WaitingCalls;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.thread.Scheduler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends each call to the cluster node that serves its key.
 *
 * <p>{@link ClusterTopology} knows which node serves a slot. A call that reaches the wrong node has not run; it is sent
 * to the node that the error names. If the error names the address that was just asked, a new connection is made first:
 * managed services answer so while they replace the server behind an address. A read that a replica refused, because it
 * cannot serve now, has not run either; it is sent to the primary.
 */
final class ClusterRouter implements CommandRouter {

    // How often a call follows its slot at once. Then it pauses, because the slot seems to move about; a call that is
    // sent back to the address it came from fails, because each such redirect costs a connection.
    private static final int REDIRECTS_AT_ONCE = 5;
    private static final int MOST_REDIRECTS = 3 * REDIRECTS_AT_ONCE;
    private static final long TRY_AGAIN_MILLIS = 20;
    private static final int MOST_LOOKS = 50;

    private final ClusterTopology topology;
    private final boolean readFromReplicas;
    private final Scheduler scheduler;

    // Guarded by this: the calls that wait for the first slot table, and whether a thread sends them.
    private final WaitingCalls waiting;
    private boolean sending;

    // Set once those calls have been sent: from then on no call can overtake an earlier one of its thread.
    private volatile boolean started;

    ClusterRouter(ClusterTopology topology, boolean readFromReplicas, Scheduler scheduler) {
        this.topology = topology;
        this.readFromReplicas = readFromReplicas;
        this.scheduler = scheduler;
        this.waiting = new WaitingCalls(topology.address());
        topology.known().thenRun(this::sendWaiting);
    }

    /** Finds the nodes and connects to every primary. */
    @Override
    public CompletableFuture<Void> open() {
        return topology.open().whenComplete((done, failure) -> sendWaiting());
    }

    @Override
    public void dispatch(Call<?> call) {
        RedisNode node = started ? nodeFor(call) : null;
        if (node == null) {
            keep(call);
        } else {
            node.dispatch(call);
        }
    }

    @Override
    public void dispatchAgain(Call<?> call) {
        RedisNode node = started ? nodeFor(call) : null;
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
                    topology.refresh();
                }
                return followToMember(call, reason, error, MOST_LOOKS);
            }
            case TRYAGAIN -> {
                if (call.divisible && call.refusal != null) {
                    // The slot may stay half moved for long. Single keys are served meanwhile.
                    return false;
                }
                call.repeats = 0;
                return tryAgain(call, error);
            }
            case CLUSTERDOWN, READONLY -> topology.refresh();
            default -> {}
        }
        return readFromPrimary(call, reason);
    }

    private boolean readFromPrimary(Call<?> call, RefusalReason reason) {
        SlotTable slotTable = topology.slotTable();
        CallConnection sender = call.connection;
        byte[] key = call.key();
        if (!readFromReplicas || slotTable == null || sender == null || key == null || !call.isReadOfKey()) {
            return false;
        }
        int slot = ClusterSlot.of(key);
        RedisNode primary = slotTable.primaryOf(slot);
        RedisNode replica = slotTable.replicaAt(slot, sender.address());
        // Or one that has just left the table: only once, not after a redirect, and not if it is the primary itself.
        return replica != null
                ? replica.passesOn(call, reason, primary)
                : call.repeats++ == 0 && !sender.address().equals(primary.address()) && primary.takesOver(call, reason);
    }

    /** Follows {@code error}; a script, whose caller may have given that text, only where the cluster confirms it. */
    private boolean followToMember(Call<?> call, RefusalReason reason, String error, int looks) {
        if (call.command() != Command.EVALSHA || topology.confirms(error, call)) {
            return follow(call, reason, error);
        }
        // The slot may have moved, or the node joined, just now. Until then nothing shows that the script has not run.
        topology.refresh();
        call.refusal = error;
        return looks > 0
                && later(() -> {
                    if (!call.isDone() && !followToMember(call, reason, error, looks - 1)) {
                        call.refusedByRedis(reason, error);
                    }
                });
    }

    private boolean follow(Call<?> call, RefusalReason reason, String error) {
        RedisNode target = topology.nodeNamedIn(error, call);
        if (target == null) {
            // A MOVED that does not name the node: the refreshed slot table will.
            call.repeats = 0;
            return reason == RefusalReason.MOVED && tryAgain(call, error);
        }
        CallConnection stale = call.connection;
        if (stale != null && !stale.address().equals(target.address())) {
            stale = null;
        }
        if (++call.repeats > (stale == null ? MOST_REDIRECTS : REDIRECTS_AT_ONCE)) {
            return false;
        }
        if (stale == null && call.repeats % REDIRECTS_AT_ONCE == 0) {
            return tryAgain(call, error);
        }
        if (!call.startOver()) {
            return false;
        }
        call.asking = reason == RefusalReason.ASK;
        if (stale == null) {
            target.dispatch(call);
        } else {
            target.dispatchOnNewConnection(call, stale);
        }
        return true;
    }

    /** Sends a call again after a pause, until its deadline: its keys are migrating, or their node is not yet known. */
    private boolean tryAgain(Call<?> call, String error) {
        if (!call.startOver()) {
            return false;
        }
        call.refusal = error;
        return later(() -> {
            call.asking = false;
            dispatch(call);
        });
    }

    /** Runs {@code task} after a pause, unless the manager closes first; returns false if it has closed. */
    private boolean later(Runnable task) {
        try {
            scheduler.after(TRY_AGAIN_MILLIS, task);
        } catch (RejectedExecutionException e) {
            return false;
        }
        return true;
    }

    /** Returns the node that serves the key of {@code call}, any if it has none, or null while no node is known. */
    private @Nullable RedisNode nodeFor(Call<?> call) {
        SlotTable slotTable = topology.slotTable();
        if (slotTable == null) {
            return null;
        }
        byte[] key = call.key();
        int slot = key == null ? ThreadLocalRandom.current().nextInt(ClusterView.SLOTS) : ClusterSlot.of(key);
        if (readFromReplicas && call.isReadOfKey()) {
            RedisNode replica = slotTable.replicaOf(slot);
            if (replica != null) {
                return replica;
            }
        }
        return slotTable.primaryOf(slot);
    }

    /** Keeps a call until those before it have been sent; refuses it if no node can be found. */
    private void keep(Call<?> call) {
        // Another thread may send it, which must not wait for the reply.
        call.mayGoDirectly = false;
        call.stripe = ThreadAffinity.ofThisThread();
        RedisFailure failure;
        boolean kept;
        synchronized (this) {
            failure = topology.failure();
            kept = failure == null && !started;
            if (kept) {
                failure = waiting.add(call);
            }
        }
        if (failure != null) {
            call.refuse(failure);
        } else if (!kept) {
            dispatch(call);
        } else if (topology.slotTable() == null) {
            open();
        } else {
            sendWaiting();
        }
    }

    /** Sends the calls that wait, in their order, or refuses them if no node can be found. */
    private void sendWaiting() {
        synchronized (this) {
            if (sending) {
                return;
            }
            sending = true;
        }
        for (List<Call<?>> calls = nextToSend(); !calls.isEmpty(); calls = nextToSend()) {
            calls.forEach(this::sendOrRefuse);
        }
    }

    private void sendOrRefuse(Call<?> call) {
        try {
            // In this order: it is null once there is a slot table.
            RedisFailure failure = topology.failure();
            RedisNode node = nodeFor(call);
            if (node != null) {
                node.dispatch(call);
            } else if (failure != null) {
                call.refuse(failure);
            }
        } catch (Throwable e) {
            // For example for lack of memory. The others are sent.
            call.completeExceptionally(e);
        }
    }

    /** Takes the calls that wait, if there is a slot table or none to be expected; if there are none, sending is over. */
    private synchronized List<Call<?>> nextToSend() {
        boolean known = topology.slotTable() != null;
        List<Call<?>> calls = known || topology.failure() != null ? waiting.takeAll() : List.of();
        if (calls.isEmpty()) {
            started = known;
            sending = false;
        }
        return calls;
    }

    @Override
    public List<RedisNode> primaries() {
        SlotTable slotTable = topology.slotTable();
        return slotTable == null ? List.of() : slotTable.primaries();
    }

    @Override
    public List<RedisNode> nodes() {
        return topology.nodes();
    }

    @Override
    public RedisNode primaryOf(int slot) {
        SlotTable slotTable = topology.slotTable();
        if (slotTable == null) {
            throw new IllegalStateException("no node of " + topology.address() + " is known");
        }
        return slotTable.primaryOf(slot);
    }

    @Override
    public int unserved() {
        SlotTable slotTable = topology.slotTable();
        return slotTable == null ? 0 : slotTable.unserved();
    }

    @Override
    public void refresh() {
        topology.refresh();
    }

    @Override
    public long version() {
        SlotTable slotTable = topology.slotTable();
        return slotTable == null ? 0 : slotTable.version();
    }

    @Override
    public boolean isCluster() {
        return true;
    }

    @Override
    public void tick() {
        topology.tick();
    }

    @Override
    public int load() {
        int load = CommandRouter.super.load();
        synchronized (this) {
            return load + waiting.size();
        }
    }

    @Override
    public void close() {
        topology.close();
        sendWaiting();
    }
}
