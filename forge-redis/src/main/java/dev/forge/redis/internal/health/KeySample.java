package dev.forge.redis.internal.health;

import dev.forge.redis.internal.command.Commands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Some of the keys under a prefix: what a bounded number of steps through the keys of the server comes across.
 *
 * @param keys at most {@value #MOST}
 * @param whole whether those are all there are
 */
record KeySample(List<byte[]> keys, boolean whole) {

    static final int MOST = 1000;
    private static final int STEP = 500;
    private static final int STEPS = 20;

    /** Takes the sample among keys of {@code type}, in the words of Redis, or of any. */
    static CompletableFuture<KeySample> take(Commands commands, byte[] glob, @Nullable String type) {
        return step(commands, glob, type, "0", new ArrayList<>(), 1);
    }

    private static CompletableFuture<KeySample> step(
            Commands commands, byte[] glob, @Nullable String type, String cursor, List<byte[]> found, int step) {
        return commands.scan(cursor, glob, STEP, type).thenCompose(page -> {
            List<byte[]> keys = page.keys();
            found.addAll(keys.subList(0, Math.min(keys.size(), MOST - found.size())));
            return ended(page, found, step)
                    ? CompletableFuture.completedFuture(
                            new KeySample(List.copyOf(found), page.isLast() && found.size() < MOST))
                    : step(commands, glob, type, page.cursor(), found, step + 1);
        });
    }

    private static boolean ended(Commands.Page page, List<byte[]> found, int step) {
        return page.isLast() || found.size() == MOST || step == STEPS;
    }
}
