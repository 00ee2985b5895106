package dev.forge.redis.internal.command;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.route.ClusterSlot;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
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

    /** Runs {@code script}, which replies a number, with parts of {@code keys}; returns the sum of the replies. */
    public static CompletableFuture<Long> eval(
            BulkWindow window, Commands commands, boolean cluster, List<byte[]> keys, LuaScript script) {
        return sum(
                window, cluster, keys, part -> commands.evalPart(script, part).thenApply(ScriptReply::asLong));
    }

    private static CompletableFuture<Long> sum(
            BulkWindow window,
            boolean cluster,
            List<byte[]> keys,
            Function<List<byte[]>, CompletableFuture<Long>> command) {
        if (isOneCommand(cluster, keys)) {
            return command.apply(keys);
        }
        AtomicLong sum = new AtomicLong();
        return inParts(
                        window,
                        parts(cluster, keys),
                        part -> command.apply(part.stream().map(keys::get).toList())
                                .thenAccept(sum::addAndGet))
                .thenApply(done -> sum.get());
    }

    /** Returns the values in the order of {@code keys}, with null for a missing key. */
    public static <T> CompletableFuture<List<@Nullable T>> getAll(
            BulkWindow window, Commands commands, boolean cluster, List<byte[]> keys, Reply.Decoder<T> decoder) {
        if (isOneCommand(cluster, keys)) {
            return commands.getAll(keys, decoder);
        }
        List<@Nullable T> values = copies(keys.size(), null);
        return readInParts(window, commands, cluster, keys, decoder, values).thenApply(done -> values);
    }

    /**
     * Like {@link #getAll}, but fails only if every command fails. If only some fail, each of their keys has the value
     * {@code unread}, and {@code failed} gets the first failure.
     */
    @SuppressWarnings("ReferenceEquality") // the same value
    public static <T> CompletableFuture<List<@Nullable T>> getMost(
            BulkWindow window,
            Commands commands,
            boolean cluster,
            List<byte[]> keys,
            Reply.Decoder<T> decoder,
            T unread,
            Consumer<Throwable> failed) {
        if (isOneCommand(cluster, keys)) {
            return commands.getAll(keys, decoder);
        }
        List<@Nullable T> values = copies(keys.size(), unread);
        return readInParts(window, commands, cluster, keys, decoder, values).handle((done, failure) -> {
            if (failure != null) {
                if (values.stream().allMatch(value -> value == unread)) {
                    throw new CompletionException(Futures.unwrapped(failure));
                }
                failed.accept(failure);
            }
            return values;
        });
    }

    /** Sets those of {@code values} that can be read. */
    private static <T> CompletableFuture<Void> readInParts(
            BulkWindow window,
            Commands commands,
            boolean cluster,
            List<byte[]> keys,
            Reply.Decoder<T> decoder,
            List<@Nullable T> values) {
        return inParts(
                window,
                parts(cluster, keys),
                part -> commands.getAll(part.stream().map(keys::get).toList(), decoder)
                        .thenAccept(found -> {
                            synchronized (values) {
                                for (int i = 0; i < found.size(); i++) {
                                    values.set(part.get(i), found.get(i));
                                }
                            }
                        }));
    }

    @SuppressWarnings("NullAway") // it takes a list of nulls for one of values
    private static <T> List<@Nullable T> copies(int count, @Nullable T value) {
        return new ArrayList<@Nullable T>(Collections.nCopies(count, value));
    }

    /**
     * Sends a command for each of {@code parts}. Where one is refused because its slot is half moved, each of its keys is
     * sent by itself, after the others and not among them: what waits for the window may not have a place in it.
     *
     * <p>The result fails with the first failure, but all commands are sent.
     */
    private static CompletableFuture<Void> inParts(
            BulkWindow window, List<List<Integer>> parts, Function<List<Integer>, CompletableFuture<Void>> send) {
        Queue<Integer> alone = new ConcurrentLinkedQueue<>();
        Function<List<Integer>, CompletableFuture<Void>> unlessHalfMoved =
                part -> send.apply(part).exceptionallyCompose(failure -> {
                    if (part.size() == 1 || !isHalfMoved(failure)) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    alone.addAll(part);
                    return CompletableFuture.completedFuture(null);
                });
        CompletableFuture<Void> all = parts.size() == 1
                ? unlessHalfMoved.apply(parts.get(0))
                : window.forEach(parts.size(), number -> unlessHalfMoved.apply(parts.get(number)));
        return all.handle((done, failure) -> {
                    List<Integer> keys = List.copyOf(alone);
                    return window.forEach(keys.size(), number -> send.apply(List.of(keys.get(number))))
                            .thenCompose(sent -> failure == null
                                    ? CompletableFuture.<Void>completedFuture(null)
                                    : CompletableFuture.failedFuture(failure));
                })
                .thenCompose(ended -> ended);
    }

    private static boolean isHalfMoved(Throwable failure) {
        return Futures.unwrapped(failure) instanceof RedisRefusedException refused
                && refused.reason() == RefusalReason.TRYAGAIN;
    }

    private static boolean isOneCommand(boolean cluster, List<byte[]> keys) {
        return keys.size() == 1 || (!cluster && !keys.isEmpty() && keys.size() <= MOST_A_COMMAND);
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
