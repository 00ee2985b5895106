package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster: which slots they serve, and the connections to them.
 *
 * <p>Several nodes are asked at the start, when a node reports that a slot has moved or is not served, when a
 * connection is lost or unresponsive, repeatedly while a primary is missing, and every ten seconds otherwise.
 */
final class ClusterTopology {

    private final RedisEndpoint.Cluster endpoint;
    private final boolean useHostNames;
    private final boolean useReplicas;
    private final ClusterMembers members;
    private final TopologyRefresh refresh;
    private final Duration longestOpening;
    private final Scheduler scheduler;

    private final CompletableFuture<Void> known = new CompletableFuture<>();

    private volatile @Nullable SlotTable slotTable;
    private volatile @Nullable RedisFailure failure;

    // Guarded by this.
    private @Nullable CompletableFuture<Void> opening;
    private boolean closed;
    private long taken;

    /**
     * @param useReplicas whether to connect to replicas as well
     * @param connect creates a node without connecting it; the node runs the task when its connection is made or lost
     * @param ask asks a node which nodes there are
     * @param longestOpening how long it may take to find the nodes and to connect to every primary
     */
    ClusterTopology(
            RedisEndpoint.Cluster endpoint,
            boolean useHostNames,
            boolean useReplicas,
            BiFunction<HostAndPort, Runnable, RedisNode> connect,
            Function<RedisNode, CompletableFuture<ClusterView.Answer>> ask,
            Duration longestOpening,
            Scheduler scheduler) {
        this.endpoint = endpoint;
        this.useHostNames = useHostNames;
        this.useReplicas = useReplicas;
        this.members = new ClusterMembers(address -> connect.apply(address, this::changed), scheduler);
        this.refresh = new TopologyRefresh(this::primaries, members::all, ask, this::take, this::unanswered, scheduler);
        this.longestOpening = longestOpening;
        this.scheduler = scheduler;
    }

    String address() {
        return endpoint.toString();
    }

    @Nullable
    SlotTable slotTable() {
        return slotTable;
    }

    /** Completes once there is a slot table; there is one from then on. */
    CompletableFuture<Void> known() {
        return known;
    }

    /** Returns why there is no slot table, or null if there is one or none has been tried. */
    @Nullable
    RedisFailure failure() {
        return failure;
    }

    /** Finds the nodes and connects to every primary, unless that is done or under way. */
    CompletableFuture<Void> open() {
        CompletableFuture<Void> mine;
        synchronized (this) {
            if (opening != null && !opening.isCompletedExceptionally()) {
                return opening;
            }
            mine = new CompletableFuture<>();
            opening = mine;
        }
        scheduler.after(longestOpening.toMillis(), () -> tooLate(mine));
        List<CompletableFuture<Void>> seeds =
                seeds().stream().map(RedisNode::open).toList();
        // One seed is enough, and the others may be dead.
        CompletableFuture<Void> first = new CompletableFuture<>();
        seeds.forEach(seed -> seed.thenAccept(first::complete));
        first.thenRun(this::refresh);
        CompletableFuture.allOf(seeds.toArray(CompletableFuture[]::new)).whenComplete((done, failed) -> {
            if (slotTable == null) {
                refresh();
            }
        });
        return mine;
    }

    /** Asks the nodes again; a little later if they have just been asked. */
    void refresh() {
        refresh.request();
    }

    private void unanswered(Throwable cause) {
        if (cause instanceof RedisRefusedException refused) {
            // For example a server that is not in a cluster: asking again would not change its answer.
            unknown(refused);
        }
    }

    private void take(List<ClusterView.Answer> answers, long number) {
        SlotTable now;
        CompletableFuture<Void> opened;
        synchronized (this) {
            if (closed || answers.isEmpty() || number < taken) {
                // Late answers may be older than what is known.
                return;
            }
            taken = number;
            opened = opening;
            now = learn(answers);
        }
        if (now == null) {
            unknown(new RedisUnavailableException("no node of " + address() + " serves any slot", null));
            return;
        }
        CompletableFuture<?>[] connecting =
                now.primaries().stream().map(RedisNode::open).toArray(CompletableFuture[]::new);
        if (useReplicas) {
            now.nodes().forEach(RedisNode::open);
        }
        known.complete(null);
        if (opened != null && !opened.isDone()) {
            CompletableFuture.allOf(connecting).whenComplete((done, thrown) -> {
                if (thrown == null) {
                    opened.complete(null);
                } else {
                    opened.completeExceptionally(Futures.unwrapped(thrown));
                }
            });
        }
    }

    /** Adopts {@code answers}; returns the slot table that follows from them, or null if no node serves any slot. */
    private @Nullable SlotTable learn(List<ClusterView.Answer> answers) {
        ClusterView view = ClusterView.of(answers, useHostNames, members.addresses());
        members.learn(view);
        SlotTable now = SlotTable.of(view, members::at, slotTable);
        if (now != null) {
            slotTable = now;
            failure = null;
            members.keepOnly(view.members());
        }
        return now;
    }

    /** Returns the node that a {@code MOVED} or {@code ASK} error names, or null if it names none. */
    @Nullable
    RedisNode nodeNamedIn(String error, Call<?> call) {
        HostAndPort address = addressIn(error, call);
        synchronized (this) {
            return address == null || closed ? null : members.at(address);
        }
    }

    /**
     * Returns whether {@code error} is one of a cluster as this one is known: it names one of its nodes or, if it names
     * none, another node serves the slot by now.
     */
    boolean confirms(String error, Call<?> call) {
        HostAndPort address = addressIn(error, call);
        if (address != null) {
            return members.contain(address);
        }
        CallConnection sender = call.connection;
        SlotTable now = slotTable;
        byte[] key = call.key();
        return sender != null
                && now != null
                && key != null
                && !now.primaryOf(ClusterSlot.of(key)).address().equals(sender.address());
    }

    private static @Nullable HostAndPort addressIn(String error, Call<?> call) {
        CallConnection sender = call.connection;
        return sender == null ? null : RedirectTarget.in(error, sender.address());
    }

    /** Checks the connections, and asks the nodes again if that is due. */
    void tick() {
        List<RedisNode> all = members.all();
        SlotTable now = slotTable;
        boolean due =
                now == null || refresh.isDue() || !now.primaries().stream().allMatch(RedisNode::isUp);
        all.forEach(RedisNode::checkConnections);
        if (due) {
            if (all.stream().noneMatch(RedisNode::isUp)) {
                // Replicas too, although they may not have been connected so far.
                seeds().forEach(RedisNode::open);
                all.forEach(RedisNode::open);
            }
            refresh();
        }
    }

    List<RedisNode> nodes() {
        return members.nodes();
    }

    void close() {
        CompletableFuture<Void> opened;
        synchronized (this) {
            closed = true;
            opened = opening;
        }
        refresh.close();
        members.close();
        if (opened != null) {
            opened.completeExceptionally(closedFailure());
        }
        if (failure == null) {
            failure = closedFailure();
        }
    }

    /** Called when a connection was made or lost. */
    private void changed() {
        RedisFailure why = null;
        synchronized (this) {
            if (slotTable == null && !closed) {
                why = members.failure();
            }
        }
        if (why == null) {
            refresh();
        } else {
            unknown(why);
        }
    }

    /** Fails an opening that took too long; finding nodes and connecting continue. */
    private void tooLate(CompletableFuture<Void> opened) {
        if (opened.isDone()) {
            return;
        }
        SlotTable now = slotTable;
        RedisFailure why = now == null ? members.failure() : null;
        for (RedisNode primary : primaries()) {
            why = why == null ? primary.failure() : why;
        }
        if (why == null) {
            why = new RedisUnavailableException(
                    (now == null ? "no node" : "not every primary") + " of " + address() + " has answered in "
                            + longestOpening.toMillis() + " ms",
                    null);
        }
        unknown(why);
        opened.completeExceptionally(why);
    }

    /** Fails the wait for the first slot table, if there still is none. */
    private void unknown(RedisFailure why) {
        CompletableFuture<Void> opened;
        synchronized (this) {
            if (slotTable != null || closed) {
                return;
            }
            failure = why;
            opened = opening;
        }
        if (opened != null) {
            opened.completeExceptionally(why);
        }
    }

    private synchronized List<RedisNode> seeds() {
        return endpoint.seeds().stream().map(members::at).toList();
    }

    /** Returns the primaries as far as they are known. */
    private List<RedisNode> primaries() {
        SlotTable now = slotTable;
        return now == null ? List.of() : now.primaries();
    }

    private RedisFailure closedFailure() {
        return new RedisUnavailableException("the manager of Redis at " + address() + " is closed", null);
    }
}
