package dev.forge.redis.internal.deletion;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.internal.command.Commands;
import dev.forge.redis.internal.command.ManyKeys;
import dev.forge.redis.internal.route.CommandRouter;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Deletes, or only counts, the keys that match a pattern.
 *
 * <p>A round is one pass over every primary, several in parallel. SCAN finds every key that stays on its node
 * throughout. A key is left after a round only if it moved to another node meanwhile, or the server reordered its keys.
 * Therefore the {@link KeyLayout} is read before and after, and if anything has moved there is another round, up to
 * {@value #MOST_ROUNDS}. A key is missed only if it moves in each of them.
 *
 * @param <T> what the caller gets
 */
public final class DeletionRun<T> {

    private static final int MOST_NODES_AT_ONCE = 8;
    private static final int MOST_ROUNDS = 5;
    private static final int MOST_LOOKS = 50;
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final Commands commands;
    private final CommandRouter router;
    private final BulkWindow window;
    private final Scheduler scheduler;
    private final DeletionTerms terms;
    private final KeySelection keys;
    private final byte[] glob;
    private final Function<DeletionReport, T> answer;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final long startedAt = System.nanoTime();
    private final Queue<String> sample = new ConcurrentLinkedQueue<>();
    private final Map<String, DeletionReport.Node> done = new TreeMap<>();

    public DeletionRun(
            Commands commands,
            CommandRouter router,
            BulkWindow window,
            Scheduler scheduler,
            KeySelection keys,
            DeletionTerms terms,
            Function<DeletionReport, T> answer) {
        this.commands = commands;
        this.router = router;
        this.window = window;
        this.scheduler = scheduler;
        this.keys = keys;
        this.glob = keys.glob().getBytes(UTF_8);
        this.terms = terms;
        this.answer = answer;
    }

    /** Starts the run. Ending the result, for example by cancelling it, stops the run after the current pages. */
    public CompletableFuture<T> start() {
        ResumePoint from = terms.resumePoint() == null ? null : ResumePoint.read(terms.resumePoint(), keys);
        after(
                router.open(),
                opened -> look(1, layout -> round(1, layout, from == null ? Map.of() : from.cursorsIn(layout), false)));
        return result;
    }

    byte[] glob() {
        return glob;
    }

    /** Returns those of {@code found}, which match the glob, that the run is for. */
    List<byte[]> selected(List<byte[]> found) {
        return keys.selected(found);
    }

    /** Returns whether no further page is to be scanned. */
    boolean isOver() {
        Duration budget = terms.budget();
        return result.isDone() || (budget != null && elapsed().compareTo(budget) >= 0);
    }

    /** Removes {@code keys}, and keeps some for the report; a dry run removes none. */
    CompletableFuture<Long> take(List<byte[]> keys) {
        for (byte[] key : keys) {
            if (sample.size() >= DeletionReport.MOST_IN_SAMPLE) {
                break;
            }
            sample.add(new String(key, UTF_8));
        }
        if (terms.dryRun() || result.isDone()) {
            return CompletableFuture.completedFuture(0L);
        }
        // Routed by their keys and not to the node, because they may have moved.
        return ManyKeys.unlink(window, commands, router.isCluster(), keys);
    }

    private void round(int number, KeyLayout before, Map<String, String> from, boolean sameAsLast) {
        List<NodePass> passes = router.primaries().stream()
                .map(node -> new NodePass(
                        this, commands.on(node), node.address(), from.getOrDefault(node.address(), ResumePoint.START)))
                .toList();
        Queue<NodePass> waiting = new ConcurrentLinkedQueue<>(passes);
        List<CompletableFuture<Void>> sides = new ArrayList<>();
        for (int i = 0; i < MOST_NODES_AT_ONCE; i++) {
            sides.add(oneAfterTheOther(waiting));
        }
        after(CompletableFuture.allOf(sides.toArray(CompletableFuture[]::new)), ended -> {
            add(passes);
            if (result.isDone()) {
                return;
            }
            Map<String, String> cursors =
                    passes.stream().collect(Collectors.toMap(NodePass::address, NodePass::cursor));
            if (cursors.values().stream().anyMatch(cursor -> !cursor.equals(ResumePoint.END))) {
                finish(ResumePoint.at(keys, before, cursors).toString());
            } else if (terms.dryRun()) {
                finish(null);
            } else {
                look(1, now -> {
                    boolean same = now.equals(before);
                    // While slots migrate, keys move without changing the layout: another round finds them.
                    if ((same && (now.moving().isEmpty() || sameAsLast)) || number == MOST_ROUNDS) {
                        finish(null);
                    } else {
                        round(number + 1, now, Map.of(), same);
                    }
                });
            }
        });
    }

    private CompletableFuture<Void> oneAfterTheOther(Queue<NodePass> waiting) {
        NodePass next = waiting.poll();
        if (next == null || result.isDone()) {
            return CompletableFuture.completedFuture(null);
        }
        return next.start()
                .whenComplete((done, failure) -> fail(failure))
                .thenCompose(done -> oneAfterTheOther(waiting));
    }

    /** Reads the layout; waits a moment until the slot table has every node. */
    private void look(int attempt, Consumer<KeyLayout> next) {
        after(KeyLayout.look(commands, router.primaries(), router.isCluster()), found -> {
            if (found.whole()) {
                next.accept(found);
            } else if (attempt == MOST_LOOKS) {
                fail(new RedisUnavailableException(
                        "deleting by pattern failed: a node of the cluster that serves keys cannot be reached", null));
            } else {
                router.refresh();
                after(scheduler.pause(LOOK_AGAIN_MILLIS), over -> look(attempt + 1, next));
            }
        });
    }

    private void add(List<NodePass> passes) {
        for (NodePass pass : passes) {
            done.merge(pass.address(), pass.report(), DeletionReport.Node::plus);
        }
    }

    private void finish(@Nullable String resumePoint) {
        result.complete(answer.apply(DeletionReport.of(
                terms.dryRun(), List.copyOf(done.values()), elapsed(), List.copyOf(sample), resumePoint)));
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    private <V> void after(CompletableFuture<V> step, Consumer<V> next) {
        step.thenAccept(next).whenComplete((done, failure) -> fail(failure));
    }

    private void fail(@Nullable Throwable failure) {
        if (failure != null) {
            result.completeExceptionally(Futures.unwrapped(failure));
        }
    }
}
