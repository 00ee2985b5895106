package dev.forge.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Deletes the keys that match a pattern, page by page.
 *
 * <p>While one page is being unlinked the next is being looked for, and never more than that: the server is left free for
 * others between the two, and memory holds two pages whatever the number of keys. Every key that is there from the beginning
 * to the end is found, which is what SCAN promises.
 *
 * <p>In a cluster all primaries are looked through, side by side, and once more if meanwhile others have come to serve keys.
 */
final class PatternDeletion {

    // The most keys that keep a page of the server's time near half a millisecond.
    private static final int PAGE = 500;
    private static final int MOST_ROUNDS = 5;

    private final Commands commands;
    private final Route route;
    private final byte[] glob;
    private final CompletableFuture<Long> result = new CompletableFuture<>();
    private final AtomicLong removed = new AtomicLong();

    private PatternDeletion(Commands commands, Route route, String glob) {
        this.commands = commands;
        this.route = route;
        this.glob = Commands.utf8(glob);
    }

    /** Starts deleting; cancelling the result stops it after the pages at hand. */
    static CompletableFuture<Long> start(Commands commands, Route route, String glob) {
        PatternDeletion deletion = new PatternDeletion(commands, route, glob);
        route.open().whenComplete((done, failure) -> {
            if (failure == null) {
                deletion.round(1);
            } else {
                deletion.result.completeExceptionally(Failures.unwrapped(failure));
            }
        });
        return deletion.result;
    }

    private void round(int number) {
        long version = route.version();
        CompletableFuture<?>[] nodes = route.primaries().stream()
                .map(node -> page(commands.on(node), "0", CompletableFuture.completedFuture(0L)))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(nodes).whenComplete((done, failure) -> {
            if (failure != null) {
                result.completeExceptionally(Failures.unwrapped(failure));
            } else if (route.version() != version && number < MOST_ROUNDS) {
                round(number + 1);
            } else {
                result.complete(removed.get());
            }
        });
    }

    /** Deletes from {@code cursor} on, once {@code unlinking}, the page before the last, is done. */
    private CompletableFuture<Void> page(Commands node, String cursor, CompletableFuture<Long> unlinking) {
        return unlinking
                .thenCombine(node.scan(cursor, glob, PAGE), (last, page) -> {
                    removed.addAndGet(last);
                    return page;
                })
                .thenCompose(page -> {
                    if (result.isDone()) {
                        return CompletableFuture.completedFuture(null);
                    }
                    // By their keys and not by the node: a slot may be on its way to another.
                    CompletableFuture<Long> unlink = ManyKeys.unlink(commands, route.isCluster(), page.keys());
                    return page.isLast() ? unlink.thenAccept(removed::addAndGet) : page(node, page.cursor(), unlink);
                });
    }
}
