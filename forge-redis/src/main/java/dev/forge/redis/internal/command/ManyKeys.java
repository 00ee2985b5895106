package dev.forge.redis.internal.command;

import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.route.ClusterSlot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Splits an operation on many keys into commands: of one slot each in a cluster, and small enough not to delay others.
 * They are sent together, as many at a time as a {@link BulkWindow} has room for.
 */
public final class ManyKeys {

    private static final int MOST_A_COMMAND = 500;

    private ManyKeys() {}

    /** Removes any number of {@code keys}; returns how many existed. */
    public static CompletableFuture<Long> unlink(
            BulkWindow window, Commands commands, boolean cluster, List<byte[]> keys) {
        return sum(window, cluster, keys, commands::unlink);
    }

    /** Sends {@code command} for parts of {@code keys}, each with keys of one slot; returns the sum of the replies. */
    public static CompletableFuture<Long> sum(
            BulkWindow window,
            boolean cluster,
            List<byte[]> keys,
            Function<List<byte[]>, CompletableFuture<Long>> command) {
        List<List<Integer>> parts = parts(cluster, keys);
        if (parts.size() == 1) {
            return command.apply(keys);
        }
        AtomicLong sum = new AtomicLong();
        return window.forEach(
                        parts.size(),
                        part -> command.apply(
                                        parts.get(part).stream().map(keys::get).toList())
                                .thenAccept(sum::addAndGet))
                .thenApply(done -> sum.get());
    }

    /** Returns the values in the order of {@code keys}, with null for a missing key. */
    @SuppressWarnings("NullAway") // it takes a list of nulls for one of values
    public static <T> CompletableFuture<List<@Nullable T>> getAll(
            BulkWindow window, Commands commands, boolean cluster, List<byte[]> keys, Reply.Decoder<T> decoder) {
        if (!cluster && keys.size() <= MOST_A_COMMAND) {
            return commands.getAll(keys, decoder);
        }
        List<List<Integer>> parts = parts(cluster, keys);
        if (parts.size() == 1) {
            return commands.getAll(keys, decoder);
        }
        List<@Nullable T> values = new ArrayList<@Nullable T>(Collections.nCopies(keys.size(), null));
        return window.forEach(parts.size(), number -> {
                    List<Integer> part = parts.get(number);
                    return commands.getAll(part.stream().map(keys::get).toList(), decoder)
                            .thenAccept(found -> {
                                synchronized (values) {
                                    for (int i = 0; i < found.size(); i++) {
                                        values.set(part.get(i), found.get(i));
                                    }
                                }
                            });
                })
                .thenApply(done -> values);
    }

    /** Returns the positions of the keys of each command. */
    private static List<List<Integer>> parts(boolean cluster, List<byte[]> keys) {
        Map<Integer, List<Integer>> bySlot = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            bySlot.computeIfAbsent(cluster ? ClusterSlot.of(keys.get(i)) : 0, none -> new ArrayList<>())
                    .add(i);
        }
        List<List<Integer>> parts = new ArrayList<>();
        for (List<Integer> positions : bySlot.values()) {
            for (int from = 0; from < positions.size(); from += MOST_A_COMMAND) {
                parts.add(positions.subList(from, Math.min(positions.size(), from + MOST_A_COMMAND)));
            }
        }
        return parts;
    }
}
