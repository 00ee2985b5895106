package dev.forge.redis.internal.command;

import static dev.forge.redis.internal.protocol.Words.word;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.route.ClusterLine;
import dev.forge.redis.internal.route.ClusterView;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptInput;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The commands that Forge sends, as calls. There are no others. */
public final class Commands {

    private static final byte[] NOTHING = {};
    private static final byte[] XX = word("XX");
    private static final byte[] PX = word("PX");
    private static final byte[] MATCH = word("MATCH");
    private static final byte[] COUNT = word("COUNT");
    private static final byte[] TYPE = word("TYPE");

    private final CommandPath path;
    private final @Nullable RedisNode node;

    public Commands(CommandPath path) {
        this(path, null);
    }

    private Commands(CommandPath path, @Nullable RedisNode node) {
        this.path = path;
        this.node = node;
    }

    /** Returns the same commands, sent to {@code node} whatever their keys. */
    public Commands on(RedisNode node) {
        return new Commands(path, node);
    }

    public <T> CompletableFuture<Optional<T>> get(byte[] key, Reply.Decoder<T> decoder) {
        return send(Command.GET, key, new Reply.Value<>(decoder), Command.GET.getBytes(), key);
    }

    /** Returns the values in the order of the keys, which are of one slot, with null for a key that is missing. */
    @SuppressWarnings("NullAway") // it does not see that the values of the reply may be null
    <T> CompletableFuture<List<@Nullable T>> getAll(List<byte[]> keys, Reply.Decoder<T> decoder) {
        return send(Command.MGET, keys.get(0), new Reply.Values<T>(decoder, keys.size()), words(Command.MGET, keys));
    }

    public CompletableFuture<Void> set(byte[] key, byte[] value, Duration ttl) {
        byte[] name = Command.SET.getBytes();
        return ttl.equals(Ttl.NO_EXPIRY)
                ? send(Command.SET, key, new Reply.Done(), name, key, value)
                : send(Command.SET, key, new Reply.Done(), name, key, value, PX, word(ttl.toMillis()));
    }

    /** Removes keys of one slot; returns how many there were. */
    CompletableFuture<Long> unlink(List<byte[]> keys) {
        return send(Command.UNLINK, keys.get(0), new Reply.Count(), words(Command.UNLINK, keys));
    }

    public CompletableFuture<Boolean> exists(byte[] key) {
        return send(Command.EXISTS, key, new Reply.Count(), Command.EXISTS.getBytes(), key)
                .thenApply(count -> count > 0);
    }

    /**
     * Has Redis say whether it takes writes, without one.
     *
     * <p>XX asks for a value that is there already, and at {@code key} there never is one. A server that takes no writes refuses
     * before it looks. The life is for the case that somebody has put a value there after all.
     */
    public CompletableFuture<Void> tryWrite(byte[] key) {
        byte[] name = Command.SET.getBytes();
        return send(Command.SET, key, new Reply.Done(), name, key, NOTHING, XX, PX, word(1_000));
    }

    public CompletableFuture<String> info(String section) {
        return send(Command.INFO, null, new Reply.Value<>(Reply::text), Command.INFO.getBytes(), word(section))
                .thenApply(text -> text.orElse(""));
    }

    /** Returns the time of the server. */
    public CompletableFuture<Instant> time() {
        return send(Command.TIME, null, new Reply.Any<>(Commands::instant), Command.TIME.getBytes());
    }

    /** Returns the milliseconds left to {@code key}, -1 if it has no end, or -2 if there is none. */
    public CompletableFuture<Long> pttl(byte[] key) {
        return send(Command.PTTL, key, new Reply.Count(), Command.PTTL.getBytes(), key);
    }

    /** Sends a command that does nothing, to see whether the user may send it. */
    public CompletableFuture<Permission> tryRight(Command command, byte @Nullable [] key, List<String> arguments) {
        List<byte[]> words = new ArrayList<>();
        words.add(command.getBytes());
        if (key != null) {
            words.add(key);
        }
        arguments.forEach(argument -> words.add(word(argument)));
        return send(command, key, new Reply.Any<>(ScriptReply::new), words.toArray(byte[][]::new))
                .handle((reply, thrown) -> permission(thrown));
    }

    private static Permission permission(@Nullable Throwable thrown) {
        if (thrown == null) {
            return Permission.GRANTED;
        }
        if (!(Futures.unwrapped(thrown) instanceof RedisRefusedException refused)) {
            throw new CompletionException(Futures.unwrapped(thrown));
        }
        if (refused.reason() != RefusalReason.NOPERM) {
            return Permission.GRANTED;
        }
        return refused.text().contains("to access") ? Permission.NOT_THE_KEY : Permission.NOT_THE_COMMAND;
    }

    public CompletableFuture<Page> scan(String cursor, byte[] glob, long count) {
        return scan(cursor, glob, count, null);
    }

    /** Takes a step through the keys that match {@code glob} and are of {@code type}, or of any. */
    public CompletableFuture<Page> scan(String cursor, byte[] glob, long count, @Nullable String type) {
        List<byte[]> words =
                new ArrayList<>(List.of(Command.SCAN.getBytes(), word(cursor), MATCH, glob, COUNT, word(count)));
        if (type != null) {
            words.add(TYPE);
            words.add(word(type));
        }
        return send(Command.SCAN, null, new Reply.Any<>(Commands::page), words.toArray(byte[][]::new));
    }

    /** What one SCAN found, and where the next begins. */
    public record Page(String cursor, List<byte[]> keys) {
        public boolean isLast() {
            return cursor.equals("0");
        }
    }

    /** Returns the lines of CLUSTER NODES. */
    public CompletableFuture<String> clusterNodes() {
        return send(Command.CLUSTER, null, new Reply.Value<>(Reply::text), Command.CLUSTER.getBytes(), word("NODES"))
                .thenApply(text -> text.orElse(""));
    }

    /** Asks {@code node} which nodes there are in the cluster, and by what they are to be reached. */
    public static CompletableFuture<ClusterView.Answer> clusterView(CommandPath path, RedisNode node) {
        HostAndPort asked = HostAndPort.parse(node.address());
        Commands there = new Commands(path, node);
        CompletableFuture<Map<String, String>> endpoints = there.send(
                        Command.CLUSTER,
                        null,
                        new Reply.Any<>(ClusterLine::endpoints),
                        Command.CLUSTER.getBytes(),
                        word("SLOTS"))
                // Not every user may ask that: it is known from elsewhere then.
                .exceptionally(failure -> Map.of());
        return there.clusterNodes().thenCombine(endpoints, (text, hosts) -> new ClusterView.Answer(asked, text, hosts));
    }

    /**
     * Runs a script: in full the first time that a connection sends it, and then by its digest.
     *
     * <p>A server that has forgotten it since gets it in full once more, after commands that the thread has sent meanwhile.
     */
    public CompletableFuture<ScriptReply> eval(
            LuaScript script, List<byte[]> keys, List<byte[]> args, long timeoutNanos) {
        byte @Nullable [] key = keys.isEmpty() ? null : keys.get(0);
        return path.send(script, words(script, keys, args), key, node, System.nanoTime(), timeoutNanos);
    }

    /** Does the same with keys and arguments that are asked for when the call leaves; not for a cluster. */
    public CompletableFuture<ScriptReply> evalLate(
            LuaScript script, Supplier<ScriptInput> input, Function<String, byte[]> key, long timeoutNanos) {
        return path.send(
                script,
                () -> {
                    ScriptInput now = input.get();
                    return words(script, now.keys().stream().map(key).toList(), now.args());
                },
                node,
                System.nanoTime(),
                timeoutNanos);
    }

    private static byte[][] words(LuaScript script, List<byte[]> keys, List<byte[]> args) {
        byte[][] words = new byte[3 + keys.size() + args.size()][];
        words[0] = Command.EVALSHA.getBytes();
        words[1] = script.digest();
        words[2] = word(keys.size());
        int next = 3;
        for (byte[] key : keys) {
            words[next++] = key;
        }
        for (byte[] arg : args) {
            words[next++] = requireNonNull(arg, "arg");
        }
        return words;
    }

    private <T> CompletableFuture<T> send(Command command, byte @Nullable [] key, Reply<T> reply, byte[]... words) {
        return path.send(command, words, key, reply, node, System.nanoTime());
    }

    private static byte[][] words(Command command, List<byte[]> keys) {
        byte[][] words = new byte[1 + keys.size()][];
        words[0] = command.getBytes();
        for (int i = 0; i < keys.size(); i++) {
            words[1 + i] = keys.get(i);
        }
        return words;
    }

    private static Page page(@Nullable Object reply) {
        List<?> parts = list(reply);
        List<byte[]> keys = new ArrayList<>();
        for (Object key : list(parts.get(1))) {
            keys.add((byte[]) key);
        }
        return new Page(new String((byte[]) parts.get(0), US_ASCII), keys);
    }

    private static Instant instant(@Nullable Object reply) {
        List<?> parts = list(reply);
        return Instant.ofEpochSecond(number(parts.get(0)), number(parts.get(1)) * 1_000);
    }

    private static long number(Object digits) {
        return Long.parseLong(new String((byte[]) digits, US_ASCII));
    }

    private static List<?> list(@Nullable Object reply) {
        if (reply instanceof List<?> list) {
            return list;
        }
        throw new IllegalStateException("Redis should have replied a list");
    }

    public static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
