package dev.forge.redis;

import io.lettuce.core.KeyScanCursor;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Deletes the keys that match a pattern, page by page.
 *
 * <p>While one page is being unlinked the next is being looked for, and never more than that: the server is left free for
 * others between the two, and memory holds two pages whatever the number of keys. Every key that is there from the beginning
 * to the end is found, which is what SCAN promises.
 */
final class PatternDeletion {

    // The most keys that keep a page of the server's time near half a millisecond.
    private static final int PAGE = 500;

    private final Commands commands;
    private final byte[] glob;
    private final CompletableFuture<Long> result = new CompletableFuture<>();
    private long removed;

    private PatternDeletion(Commands commands, String glob) {
        this.commands = commands;
        this.glob = Commands.utf8(glob);
    }

    /** Starts deleting; cancelling the result stops it after the page at hand. */
    static CompletableFuture<Long> start(Commands commands, String glob) {
        PatternDeletion deletion = new PatternDeletion(commands, glob);
        deletion.continueWith(commands.scan("0", deletion.glob, PAGE), CompletableFuture.completedFuture(0L));
        return deletion.result;
    }

    private void continueWith(CompletableFuture<KeyScanCursor<byte[]>> scan, CompletableFuture<Long> unlink) {
        unlink.thenAcceptBoth(scan, this::page).exceptionally(failure -> {
            result.completeExceptionally(Failures.unwrapped(failure));
            return null;
        });
    }

    private void page(long unlinked, KeyScanCursor<byte[]> page) {
        removed += unlinked;
        if (result.isDone()) {
            return;
        }
        List<byte[]> keys = page.getKeys();
        CompletableFuture<Long> unlink = keys.isEmpty() ? CompletableFuture.completedFuture(0L) : commands.unlink(keys);
        if (page.isFinished()) {
            unlink.whenComplete((last, failure) -> {
                if (failure == null) {
                    result.complete(removed + last);
                } else {
                    result.completeExceptionally(Failures.unwrapped(failure));
                }
            });
        } else {
            continueWith(commands.scan(page.getCursor(), glob, PAGE), unlink);
        }
    }
}
