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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster: which slots they serve, and the connections to them.
 *
 * <p>Several nodes are asked at the start, when a node reports that a slot has moved or is not served, when a
 * connection is lost or unresponsive, repeatedly while a primary is missing, and every ten seconds otherwise.
 */
final class ClusterTopology {

    private static final int MOST_ASKED = 5;
    private static final long SHORTEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_GAP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final RedisEndpoint.Cluster endpoint;
    private final boolean useHostNames;
    private final boolean useReplicas;
    private final ClusterMembers members;
    private final Function<RedisNode, CompletableFuture<ClusterView.Answer>> ask;
    private final Duration longestOpening;
    private final Scheduler scheduler;

    private volatile @Nullable SlotTable slotTable;
    private volatile @Nullable RedisFailure failure;

    // Guarded by this: the nodes that have not answered yet, and the fields below.
    private final Set<RedisNode> asked = new HashSet<>();
    private @Nullable CompletableFuture<Void> opening;
    private boolean asking;
    private boolean stale;
    private boolean closed;
    private long askedAt = System.nanoTime() - LONGEST_GAP_NANOS;
    private long questions;
    private long taken;

    /**
     * @param useReplicas whether to connect to replicas as well
     * @param connect creates a node without connecting it
     * @param ask asks a node which nodes there are
     * @param longestOpening how long it may take to find the nodes and to connect to every primary
     */
    ClusterTopology(
            RedisEndpoint.Cluster endpoint,
            boolean useHostNames,
            boolean useReplicas,
            Function<HostAndPort, RedisNode> connect,
            Function<RedisNode, CompletableFuture<ClusterView.Answer>> ask,
            Duration longestOpening,
            Scheduler scheduler) {
        this.endpoint = endpoint;
        this.useHostNames = useHostNames;
        this.useReplicas = useReplicas;
        this.members = new ClusterMembers(connect, scheduler);
        this.ask = ask;
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
        CompletableFuture<?>[] settled = seeds.stream()
                .map(seed -> seed.handle((done, thrown) -> thrown))
                .toArray(CompletableFuture[]::new);
        // One seed is enough, and the others may be dead.
        CompletableFuture<Void> first = new CompletableFuture<>();
        seeds.forEach(seed -> seed.thenAccept(first::complete));
        CompletableFuture.allOf(settled).thenRun(() -> first.complete(null));
        first.thenRun(this::refresh);
        CompletableFuture.allOf(settled).thenRun(() -> {
            if (slotTable == null) {
                refresh();
            }
        });
        return mine;
    }

    /** Asks the nodes again; a little later if they have just been asked. */
    void refresh() {
        List<RedisNode> some;
        long number;
        synchronized (this) {
            stale = true;
            if (asking || closed || System.nanoTime() - askedAt < SHORTEST_GAP_NANOS) {
                return;
            }
            some = reachable();
            if (some.isEmpty()) {
                return;
            }
            asking = true;
            stale = false;
            askedAt = System.nanoTime();
            asked.addAll(some);
            number = ++questions;
        }
        ClusterQuestion.ask(
                some,
                node -> ask.apply(node).whenComplete((answer, thrown) -> {
                    synchronized (this) {
                        asked.remove(node);
                    }
                }),
                thrown -> {
                    if (thrown instanceof RedisRefusedException refused) {
                        // For example a server that is not in a cluster: asking again would not change its answer.
                        unknown(refused);
                    }
                },
                answers -> take(number, answers),
                scheduler);
    }

    private void take(long number, List<ClusterView.Answer> answers) {
        List<CompletableFuture<Void>> connecting = new ArrayList<>();
        synchronized (this) {
            if (number == questions) {
                asking = false;
            }
            if (closed || answers.isEmpty() || number < taken) {
                // Late answers may be older than what is known.
                return;
            }
            taken = number;
            ClusterView view = ClusterView.of(answers, useHostNames, members.addresses());
            members.learn(view);
            RedisNode[] primaryOf = new RedisNode[ClusterView.SLOTS];
            RedisNode fallback = null;
            for (int slot = 0; slot < primaryOf.length; slot++) {
                HostAndPort owner = view.owners().get(slot);
                if (owner != null) {
                    primaryOf[slot] = members.at(owner);
                    fallback = primaryOf[slot];
                }
            }
            if (fallback == null) {
                unknown(new RedisUnavailableException("no node of " + address() + " serves any slot", null));
                return;
            }
            for (int slot = 0; slot < primaryOf.length; slot++) {
                if (primaryOf[slot] == null) {
                    // Any node can reply that the slot is not served.
                    primaryOf[slot] = fallback;
                }
            }
            publish(primaryOf, view);
            SlotTable now = slotTable;
            if (now != null) {
                now.primaries().forEach(primary -> connecting.add(primary.open()));
                if (useReplicas) {
                    now.nodes().forEach(RedisNode::open);
                }
            }
            failure = null;
        }
        CompletableFuture<Void> opened = opening;
        if (opened != null && !opened.isDone()) {
            CompletableFuture.allOf(connecting.toArray(CompletableFuture[]::new))
                    .whenComplete((done, thrown) -> {
                        if (thrown == null) {
                            opened.complete(null);
                        } else {
                            opened.completeExceptionally(Futures.unwrapped(thrown));
                        }
                    });
        }
    }

    private void publish(RedisNode[] primaryOf, ClusterView view) {
        Map<RedisNode, List<RedisNode>> replicasOf = new HashMap<>();
        view.replicas()
                .forEach((primary, replicas) -> replicasOf.put(
                        members.at(primary), replicas.stream().map(members::at).toList()));
        SlotTable last = slotTable;
        slotTable = last == null ? new SlotTable(primaryOf, replicasOf, 1) : last.followedBy(primaryOf, replicasOf);
        members.keepOnly(view.members());
    }

    /**
     * Returns the node that a {@code MOVED} or {@code ASK} error names, or null if it names none. An empty host means
     * the host of the node that answered; a question mark stands for a name that was not announced.
     */
    @Nullable
    RedisNode nodeNamedIn(String error, Call<?> call) {
        String[] parts = error.split(" ", -1);
        if (parts.length < 3) {
            return null;
        }
        int colon = parts[2].lastIndexOf(':');
        CallConnection sender = call.connection;
        if (colon < 0 || sender == null || parts[2].startsWith("?")) {
            return null;
        }
        String host = parts[2].substring(0, colon);
        HostAndPort address = new HostAndPort(
                host.isEmpty() ? HostAndPort.parse(sender.address()).host() : host,
                Integer.parseInt(parts[2].substring(colon + 1)));
        synchronized (this) {
            return closed ? null : members.at(address);
        }
    }

    /** Checks the connections, and asks the nodes again if that is due. */
    void tick() {
        List<RedisNode> all;
        boolean due;
        synchronized (this) {
            all = members.all();
            SlotTable now = slotTable;
            due = stale
                    || now == null
                    || System.nanoTime() - askedAt >= LONGEST_GAP_NANOS
                    || !now.primaries().stream().allMatch(RedisNode::isUp);
        }
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

    int load() {
        return members.load();
    }

    void close() {
        CompletableFuture<Void> opened;
        synchronized (this) {
            closed = true;
            opened = opening;
        }
        members.close();
        if (opened != null) {
            opened.completeExceptionally(closedFailure());
        }
        if (failure == null) {
            failure = closedFailure();
        }
    }

    /** Called when a connection was made or lost. */
    void changed() {
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
        for (RedisNode primary : now == null ? List.<RedisNode>of() : now.primaries()) {
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

    /** Returns some nodes that can be asked, the primaries first. */
    private List<RedisNode> reachable() {
        Set<RedisNode> all = new LinkedHashSet<>();
        if (slotTable != null) {
            all.addAll(slotTable.primaries());
        }
        all.addAll(members.all());
        return all.stream()
                .filter(node -> node.isUp() && !asked.contains(node))
                .limit(MOST_ASKED)
                .toList();
    }

    private RedisFailure closedFailure() {
        return new RedisUnavailableException("the manager of Redis at " + address() + " is closed", null);
    }
}
