package dev.forge.redis;

import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Splits what concerns many keys into commands that the server takes: of one slot each in a cluster, and small enough not to
 * hold up others. They travel together.
 */
final class ManyKeys {

    private static final int MOST_A_COMMAND = 500;

    private ManyKeys() {}

    /** Removes {@code keys}; returns how many there were. */
    static CompletableFuture<Long> unlink(Commands commands, boolean cluster, List<byte[]> keys) {
        CompletableFuture<Long> sum = CompletableFuture.completedFuture(0L);
        for (List<Integer> part : parts(cluster, keys)) {
            sum = sum.thenCombine(commands.unlink(part.stream().map(keys::get).toList()), Long::sum);
        }
        return sum;
    }

    /** Returns the values in the order of {@code keys}, with null for a key that is missing. */
    @SuppressWarnings("NullAway") // it takes a list of nulls for one of values
    static <T> CompletableFuture<List<@Nullable T>> getAll(
            Commands commands, boolean cluster, List<byte[]> keys, Reply.Decoder<T> decoder) {
        if (!cluster && keys.size() <= MOST_A_COMMAND) {
            return commands.getAll(keys, decoder);
        }
        List<List<Integer>> parts = parts(cluster, keys);
        if (parts.size() == 1) {
            return commands.getAll(keys, decoder);
        }
        List<@Nullable T> values = new ArrayList<@Nullable T>(Collections.nCopies(keys.size(), null));
        CompletableFuture<?>[] all = parts.stream()
                .map(part -> commands.getAll(part.stream().map(keys::get).toList(), decoder)
                        .thenAccept(found -> {
                            synchronized (values) {
                                for (int i = 0; i < found.size(); i++) {
                                    values.set(part.get(i), found.get(i));
                                }
                            }
                        }))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(all).thenApply(done -> values);
    }

    /** Returns the positions of the keys that go together. */
    private static List<List<Integer>> parts(boolean cluster, List<byte[]> keys) {
        Map<Integer, List<Integer>> bySlot = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            bySlot.computeIfAbsent(cluster ? SlotHash.getSlot(keys.get(i)) : 0, none -> new ArrayList<>())
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
