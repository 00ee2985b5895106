package dev.forge.redis.internal.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.internal.command.Commands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A sample of the keys under a prefix, found in a bounded number of SCAN steps.
 *
 * @param keys at most {@value #MOST}
 * @param whole whether these are all such keys
 */
record KeySample(List<byte[]> keys, boolean whole) {

    static final int MOST = 1000;
    private static final int STEP = 500;
    private static final int STEPS = 20;

    /** Samples keys of {@code type}, as Redis names it, or of any type if it is null. */
    static CompletableFuture<KeySample> take(Commands commands, String glob, @Nullable String type) {
        return step(commands, glob.getBytes(UTF_8), type, "0", new ArrayList<>(), 1);
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
