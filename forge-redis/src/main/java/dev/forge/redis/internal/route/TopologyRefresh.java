package dev.forge.redis.internal.route;

import dev.forge.redis.internal.thread.Scheduler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Asks nodes of a cluster which nodes there are: several of them at once, and never twice within a tenth of a second.
 *
 * <p>They are chosen at random each time. The same few nodes could be just those that are cut off from the others. Two
 * of them are primaries as far as is known, and so none that was cut off and replaced.
 *
 * <p>Only connected nodes are asked, and none again before it has answered. While Redis is unavailable, none is asked.
 *
 * <p>Thread-safe. Nothing here blocks.
 */
final class TopologyRefresh {

    private static final int MOST_ASKED = 5;
    private static final int PRIMARIES_ASKED = 2;
    private static final long SHORTEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_GAP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Supplier<List<RedisNode>> primaries;
    private final Supplier<List<RedisNode>> nodes;
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
     * @param primaries returns the nodes that serve slots, as far as is known
     * @param nodes returns all nodes that may be asked
     * @param ask asks one of them
     * @param answered takes the answers to one question and its number; runs again after each late answer
     * @param failed takes the cause for each node that does not answer
     */
    TopologyRefresh(
            Supplier<List<RedisNode>> primaries,
            Supplier<List<RedisNode>> nodes,
            Function<RedisNode, CompletableFuture<ClusterView.Answer>> ask,
            ObjLongConsumer<List<ClusterView.Answer>> answered,
            Consumer<Throwable> failed,
            Scheduler scheduler) {
        this.primaries = primaries;
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
            some = choose();
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

    private List<RedisNode> choose() {
        Stream<RedisNode> some = shuffled(primaries.get()).limit(PRIMARIES_ASKED);
        return Stream.concat(some, shuffled(nodes.get()))
                .distinct()
                .limit(MOST_ASKED)
                .toList();
    }

    /** Returns those of {@code all} that can be asked. */
    private Stream<RedisNode> shuffled(List<RedisNode> all) {
        List<RedisNode> some = new ArrayList<>(all);
        some.removeIf(node -> !node.isUp() || asked.contains(node));
        Collections.shuffle(some);
        return some.stream();
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
