package dev.forge.redis.internal.route;

import dev.forge.redis.internal.thread.Scheduler;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/**
 * Asks nodes of a cluster which nodes there are: several of them at once, and never twice within a tenth of a second.
 *
 * <p>Only connected nodes are asked, and none again before it has answered. While Redis is unavailable, none is asked.
 *
 * <p>Thread-safe. Nothing here blocks.
 */
final class TopologyRefresh {

    private static final int MOST_ASKED = 5;
    private static final long SHORTEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_GAP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Supplier<Set<RedisNode>> nodes;
    private final Function<RedisNode, CompletableFuture<ClusterView.Answer>> ask;
    private final ObjLongConsumer<List<ClusterView.Answer>> answered;
    private final Consumer<Throwable> failed;
    private final Scheduler scheduler;

    // Guarded by this: the nodes that have not answered yet, and the fields below.
    private final Set<RedisNode> asked = new HashSet<>();
    private boolean asking;
    private boolean stale;
    private boolean closed;
    private long askedAt = System.nanoTime() - LONGEST_GAP_NANOS;
    private long questions;

    /**
     * @param nodes returns the nodes that may be asked, the preferred ones first
     * @param ask asks one of them
     * @param answered takes the answers to one question and its number; runs again after each late answer
     * @param failed takes the cause for each node that does not answer
     */
    TopologyRefresh(
            Supplier<Set<RedisNode>> nodes,
            Function<RedisNode, CompletableFuture<ClusterView.Answer>> ask,
            ObjLongConsumer<List<ClusterView.Answer>> answered,
            Consumer<Throwable> failed,
            Scheduler scheduler) {
        this.nodes = nodes;
        this.ask = ask;
        this.answered = answered;
        this.failed = failed;
        this.scheduler = scheduler;
    }

    /** Asks now, unless nodes have just been asked or none can be; then asking is {@linkplain #isDue() due} soon. */
    void request() {
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
        try {
            ClusterQuestion.ask(some, this::ask, failed, answers -> answered(answers, number), scheduler);
        } catch (Throwable e) {
            // For lack of memory or threads: the next request asks again.
            notAsked(some);
            throw e;
        }
    }

    private synchronized void notAsked(List<RedisNode> some) {
        asking = false;
        stale = true;
        some.forEach(asked::remove);
    }

    private List<RedisNode> reachable() {
        return nodes.get().stream()
                .filter(node -> node.isUp() && !asked.contains(node))
                .limit(MOST_ASKED)
                .toList();
    }

    private CompletableFuture<ClusterView.Answer> ask(RedisNode node) {
        return ask.apply(node).whenComplete((answer, failure) -> {
            synchronized (this) {
                asked.remove(node);
            }
        });
    }

    private void answered(List<ClusterView.Answer> answers, long number) {
        synchronized (this) {
            if (number == questions) {
                asking = false;
            }
        }
        answered.accept(answers, number);
    }

    /** Returns whether asking was requested meanwhile, or nodes have not been asked for ten seconds. */
    synchronized boolean isDue() {
        return stale || System.nanoTime() - askedAt >= LONGEST_GAP_NANOS;
    }

    synchronized void close() {
        closed = true;
    }
}
