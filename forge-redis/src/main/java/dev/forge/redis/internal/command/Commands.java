package dev.forge.redis.internal.command;

import static dev.forge.redis.internal.protocol.RespWriter.argument;
import static java.nio.charset.StandardCharsets.US_ASCII;
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

/** The commands that Forge sends. It sends no others. */
public final class Commands {

    private static final byte[] NOTHING = {};
    private static final byte[] XX = argument("XX");
    private static final byte[] PX = argument("PX");
    private static final byte[] MATCH = argument("MATCH");
    private static final byte[] COUNT = argument("COUNT");
    private static final byte[] TYPE = argument("TYPE");

    private final CommandDispatcher dispatcher;
    private final @Nullable RedisNode node;

    public Commands(CommandDispatcher dispatcher) {
        this(dispatcher, null);
    }

    private Commands(CommandDispatcher dispatcher, @Nullable RedisNode node) {
        this.dispatcher = dispatcher;
        this.node = node;
    }

    /** Returns the same commands, sent to {@code node} regardless of their keys. */
    public Commands on(RedisNode node) {
        return new Commands(dispatcher, node);
    }

    public <T> CompletableFuture<Optional<T>> get(byte[] key, Reply.Decoder<T> decoder) {
        return send(Command.GET, key, new Reply.Value<>(decoder), Command.GET.getBytes(), key);
    }

    /** Returns the values of {@code keys}, which are of one slot, in their order, with null for a missing key. */
    @SuppressWarnings("NullAway") // it does not see that the values of the reply may be null
    <T> CompletableFuture<List<@Nullable T>> getAll(List<byte[]> keys, Reply.Decoder<T> decoder) {
        return send(
                Command.MGET, keys.get(0), new Reply.Values<T>(decoder, keys.size()), arguments(Command.MGET, keys));
    }

    public CompletableFuture<Void> set(byte[] key, byte[] value, Duration ttl) {
        byte[] name = Command.SET.getBytes();
        return ttl.equals(Ttl.NO_EXPIRY)
                ? send(Command.SET, key, new Reply.Done(), name, key, value)
                : send(Command.SET, key, new Reply.Done(), name, key, value, PX, argument(ttl.toMillis()));
    }

    /** Removes keys of one slot; returns how many existed. */
    CompletableFuture<Long> unlink(List<byte[]> keys) {
        return send(Command.UNLINK, keys.get(0), new Reply.Count(), arguments(Command.UNLINK, keys));
    }

    public CompletableFuture<Boolean> exists(byte[] key) {
        return send(Command.EXISTS, key, new Reply.Count(), Command.EXISTS.getBytes(), key)
                .thenApply(count -> count > 0);
    }

    /**
     * Asks Redis whether it accepts writes, without writing.
     *
     * <p>XX requires an existing value, and {@code key} never has one. A server that accepts no writes refuses before
     * it looks for the value. The TTL is for the case that some client has set a value after all.
     */
    public CompletableFuture<Void> tryWrite(byte[] key) {
        byte[] name = Command.SET.getBytes();
        return send(Command.SET, key, new Reply.Done(), name, key, NOTHING, XX, PX, argument(1_000));
    }

    public CompletableFuture<String> info(String section) {
        return send(Command.INFO, null, new Reply.Value<>(Reply::text), Command.INFO.getBytes(), argument(section))
                .thenApply(text -> text.orElse(""));
    }

    /** Returns the time of the server. */
    public CompletableFuture<Instant> time() {
        return send(Command.TIME, null, new Reply.Any<>(Commands::instant), Command.TIME.getBytes());
    }

    /** Returns the remaining TTL of {@code key} in milliseconds, -1 if it has none, or -2 if the key does not exist. */
    public CompletableFuture<Long> pttl(byte[] key) {
        return send(Command.PTTL, key, new Reply.Count(), Command.PTTL.getBytes(), key);
    }

    /** Sends a command without effect, to find out whether the user is permitted to send it. */
    public CompletableFuture<Permission> tryPermission(Command command, byte @Nullable [] key, List<String> arguments) {
        List<byte[]> all = new ArrayList<>();
        all.add(command.getBytes());
        if (key != null) {
            all.add(key);
        }
        arguments.forEach(each -> all.add(argument(each)));
        return send(command, key, new Reply.Any<>(ScriptReply::new), all.toArray(byte[][]::new))
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
        if (refused.text().contains("to access database")) {
            return Permission.NOT_THE_DATABASE;
        }
        return refused.text().contains("to access") ? Permission.NOT_THE_KEY : Permission.NOT_THE_COMMAND;
    }

    /** Scans one step for keys that match {@code glob} and have {@code type}, or any type if it is null. */
    public CompletableFuture<Page> scan(String cursor, byte[] glob, long count, @Nullable String type) {
        List<byte[]> arguments = new ArrayList<>(
                List.of(Command.SCAN.getBytes(), argument(cursor), MATCH, glob, COUNT, argument(count)));
        if (type != null) {
            arguments.add(TYPE);
            arguments.add(argument(type));
        }
        return send(Command.SCAN, null, new Reply.Any<>(Commands::page), arguments.toArray(byte[][]::new));
    }

    /** The keys that one SCAN found, and the cursor for the next. */
    public record Page(String cursor, List<byte[]> keys) {
        public boolean isLast() {
            return cursor.equals("0");
        }
    }

    /** Returns the lines of CLUSTER NODES. */
    public CompletableFuture<String> clusterNodes() {
        return send(
                        Command.CLUSTER,
                        null,
                        new Reply.Value<>(Reply::text),
                        Command.CLUSTER.getBytes(),
                        argument("NODES"))
                .thenApply(text -> text.orElse(""));
    }

    /** Asks {@code node} for the nodes of the cluster and the hosts at which to reach them. */
    public static CompletableFuture<ClusterView.Answer> clusterView(CommandDispatcher dispatcher, RedisNode node) {
        HostAndPort asked = HostAndPort.parse(node.address());
        Commands there = new Commands(dispatcher, node);
        CompletableFuture<Map<String, String>> endpoints = there.send(
                        Command.CLUSTER,
                        null,
                        new Reply.Any<>(ClusterLine::endpoints),
                        Command.CLUSTER.getBytes(),
                        argument("SLOTS"))
                // Not every user is permitted to ask: CLUSTER NODES and the settings decide then.
                .exceptionally(failure -> Map.of());
        return there.clusterNodes().thenCombine(endpoints, (text, hosts) -> new ClusterView.Answer(asked, text, hosts));
    }

    /**
     * Runs a script: sent in full the first time on a connection, and by its digest from then on.
     *
     * <p>If the server no longer knows it, it is sent in full again, after commands that the thread has sent in
     * between.
     */
    public CompletableFuture<ScriptReply> eval(
            LuaScript script, List<byte[]> keys, List<byte[]> args, long timeoutNanos) {
        byte @Nullable [] key = keys.isEmpty() ? null : keys.get(0);
        return dispatcher.send(script, arguments(script, keys, args), key, node, timeoutNanos);
    }

    /** Runs a script with some of the keys of its caller, which are of one slot. */
    CompletableFuture<ScriptReply> evalPart(LuaScript script, List<byte[]> keys) {
        return dispatcher.sendPart(script, arguments(script, keys, List.of()), keys);
    }

    /** Runs a script with keys and arguments that are computed just before the call is sent; not for a cluster. */
    public CompletableFuture<ScriptReply> evalLate(
            LuaScript script, Supplier<ScriptInput> input, Function<String, byte[]> key, long timeoutNanos) {
        return dispatcher.send(
                script,
                () -> {
                    ScriptInput now = input.get();
                    List<byte[]> keys = new ArrayList<>(now.keys().size());
                    now.keys().forEach(each -> keys.add(key.apply(each)));
                    return arguments(script, keys, now.args());
                },
                node,
                timeoutNanos);
    }

    private static byte[][] arguments(LuaScript script, List<byte[]> keys, List<byte[]> args) {
        byte[][] arguments = new byte[3 + keys.size() + args.size()][];
        arguments[0] = Command.EVALSHA.getBytes();
        arguments[1] = script.digest();
        arguments[2] = argument(keys.size());
        int next = 3;
        for (byte[] key : keys) {
            arguments[next++] = key;
        }
        for (byte[] arg : args) {
            arguments[next++] = requireNonNull(arg, "arg");
        }
        return arguments;
    }

    private <T> CompletableFuture<T> send(Command command, byte @Nullable [] key, Reply<T> reply, byte[]... arguments) {
        return dispatcher.send(command, arguments, key, reply, node);
    }

    private static byte[][] arguments(Command command, List<byte[]> keys) {
        byte[][] arguments = new byte[1 + keys.size()][];
        arguments[0] = command.getBytes();
        for (int i = 0; i < keys.size(); i++) {
            arguments[1 + i] = keys.get(i);
        }
        return arguments;
    }

    private static Page page(@Nullable Object reply) {
        List<?> parts = Reply.list(reply);
        List<byte[]> keys = new ArrayList<>();
        for (Object key : Reply.list(parts.get(1))) {
            keys.add((byte[]) key);
        }
        return new Page(new String((byte[]) parts.get(0), US_ASCII), keys);
    }

    private static Instant instant(@Nullable Object reply) {
        List<?> parts = Reply.list(reply);
        return Instant.ofEpochSecond(number(parts.get(0)), number(parts.get(1)) * 1_000);
    }

    private static long number(Object digits) {
        return Long.parseLong(new String((byte[]) digits, US_ASCII));
    }
}
