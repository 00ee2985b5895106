package dev.forge.redis.internal.command;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.CallTarget;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.protocol.SizeLimit;
import dev.forge.redis.internal.route.CommandRouter;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place where every command of Forge is timed, sent, and given its outcome.
 *
 * <p>A call that finds no connection fails at once, unless none has been tried yet: then it waits for the first attempt. One that
 * finds too many others in flight fails at once as well, which bounds the memory that a slow server can cost. A command is sent
 * a second time only where that cannot run it twice: Redis has said that another node serves its key, that it does not know the
 * script, or that it reads no further; or the command only reads and its connection was lost.
 */
public final class CommandDispatcher implements Call.Owner {

    private final CommandRouter router;
    private final Deadlines deadlines;
    private final String address;
    private final SizeLimit limit;

    /** @param router makes the route, which sends commands of its own on this path */
    public CommandDispatcher(
            Function<CommandDispatcher, CommandRouter> router,
            Duration timeout,
            SizeLimit limit,
            String address,
            Scheduler scheduler) {
        this.limit = limit;
        this.address = address;
        this.deadlines = new Deadlines(timeout, scheduler);
        this.router = router.apply(this);
    }

    /**
     * Sends one command.
     *
     * @param arguments the command and its arguments, the first of which is the name of the command
     * @param key the key that says which node is meant, and that failures name; or null
     * @param node the node that is meant whatever the key, or null
     * @param startedAt since when the caller waits, on the clock of {@link System#nanoTime()}
     * @throws IllegalArgumentException if one of the words is too large to be sent
     */
    <T> CompletableFuture<T> send(
            Command command,
            byte[][] arguments,
            byte @Nullable [] key,
            Reply<T> reply,
            @Nullable RedisNode node,
            long startedAt) {
        return send(new Call<>(command, limit.check(command, arguments), key, reply, this, startedAt), node);
    }

    /**
     * Sends a script, by its digest or in full as its connection wants.
     *
     * @param timeoutNanos how long the caller waits, if that is less than for any call
     */
    CompletableFuture<ScriptReply> send(
            LuaScript script,
            byte[][] arguments,
            byte @Nullable [] key,
            @Nullable RedisNode node,
            long startedAt,
            long timeoutNanos) {
        return send(
                script,
                new Call<>(
                        Command.EVALSHA,
                        limit.check(script, arguments),
                        key,
                        new Reply.Any<>(ScriptReply::new),
                        this,
                        startedAt),
                node,
                timeoutNanos);
    }

    /** Does the same with words that are asked for when the call leaves. */
    CompletableFuture<ScriptReply> send(
            LuaScript script,
            Supplier<byte[][]> arguments,
            @Nullable RedisNode node,
            long startedAt,
            long timeoutNanos) {
        return send(
                script,
                Call.late(
                        Command.EVALSHA,
                        () -> limit.check(script, arguments.get()),
                        new Reply.Any<>(ScriptReply::new),
                        this,
                        startedAt),
                node,
                timeoutNanos);
    }

    private CompletableFuture<ScriptReply> send(
            LuaScript script, Call<ScriptReply> call, @Nullable RedisNode node, long timeoutNanos) {
        call.script = script;
        call.timeoutNanos = timeoutNanos;
        return send(call, node);
    }

    private <T> CompletableFuture<T> send(Call<T> call, @Nullable RedisNode node) {
        deadlines.watch(call);
        if (node == null) {
            router.dispatch(call);
        } else {
            call.node = node;
            node.dispatch(call);
        }
        return call;
    }

    /** Ends {@code call}, which is on its way by other means, when its time is up. */
    public void watch(Call<?> call) {
        deadlines.watch(call);
    }

    public CommandRouter router() {
        return router;
    }

    /** Looks after what is under way; to be called now and then. */
    public void tick() {
        deadlines.ensureSwept();
        router.tick();
    }

    /** Ends every call that is left, once nothing is open and nothing runs any more. */
    public void close() {
        deadlines.close();
    }

    @Override
    public boolean sentElsewhere(Call<?> call, RefusalReason reason, String error) {
        return reason == RefusalReason.NOSCRIPT ? sentInFull(call) : router.redirect(call, reason, error);
    }

    /** Sends a script that the server has forgotten in full, on the same connection; it has not run. */
    private static boolean sentInFull(Call<?> call) {
        LuaScript script = call.script;
        CallConnection sender = call.connection;
        if (script == null || sender == null || !call.startOver()) {
            return false;
        }
        call.script = null;
        sender.forgotten(call, script);
        return true;
    }

    @Override
    public boolean sentAgain(Call<?> call, boolean hasNotRun) {
        if (!(hasNotRun || call.command().isRead()) || call.retried || !call.startOver()) {
            return false;
        }
        call.retried = true;
        CallTarget node = call.node;
        if (node == null) {
            router.dispatchAgain(call);
        } else {
            node.dispatchAgain(call);
        }
        return true;
    }

    @Override
    public String address() {
        return address;
    }
}
