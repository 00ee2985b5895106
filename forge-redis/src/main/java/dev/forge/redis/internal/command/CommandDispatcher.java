package dev.forge.redis.internal.command;

import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.observe.ObserverSlot;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.CallOwner;
import dev.forge.redis.internal.protocol.CallTarget;
import dev.forge.redis.internal.protocol.Calls;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.protocol.SizeLimit;
import dev.forge.redis.internal.route.CommandRouter;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.thread.BlockingCall;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends every command of Forge, enforces its deadline, and delivers its outcome.
 *
 * <p>A call without a connection fails at once, unless none has been tried yet: then it waits for the first attempt. A
 * call also fails at once if too many others are in flight, which bounds the memory that a slow server can cost. A
 * command is sent again only if that cannot run it twice: Redis replied that another node serves its key, that it does
 * not know the script, or that it reads no further; or the command only reads, and its connection was lost. A script
 * that replies with such an error itself has run, and is not sent again.
 */
public final class CommandDispatcher implements CallOwner {

    private final CommandRouter router;
    private final Deadlines deadlines;
    private final String address;
    private final SizeLimit limit;
    private final ObserverSlot observers;

    /** @param router creates the router, which sends commands of its own through this dispatcher */
    public CommandDispatcher(
            Function<CommandDispatcher, CommandRouter> router,
            Duration timeout,
            SizeLimit limit,
            String address,
            Scheduler scheduler,
            ObserverSlot observers) {
        this.observers = observers;
        this.limit = limit;
        this.address = address;
        this.deadlines = new Deadlines(timeout, scheduler);
        this.router = router.apply(this);
    }

    /**
     * Sends one command.
     *
     * @param arguments the command and its arguments, the first of which is the name of the command
     * @param key the key that determines the node and that failures name, or null
     * @param node the node to send to regardless of the key, or null
     * @throws IllegalArgumentException if an argument is too large to be sent
     */
    <T> CompletableFuture<T> send(
            Command command, byte[][] arguments, byte @Nullable [] key, Reply<T> reply, @Nullable RedisNode node) {
        Call<T> call =
                Calls.of(command, limit.check(command, arguments), key, reply, this, System.nanoTime(), observers);
        call.divisible = (command == Command.MGET || command == Command.UNLINK) && arguments.length > 2;
        return send(call, node);
    }

    /**
     * Sends a script, by its digest or in full, whichever its connection needs.
     *
     * @param timeoutNanos how long the caller waits, if shorter than the general timeout
     */
    CompletableFuture<ScriptReply> send(
            LuaScript script, byte[][] arguments, byte @Nullable [] key, @Nullable RedisNode node, long timeoutNanos) {
        return send(script, scriptCall(script, arguments, key), node, timeoutNanos);
    }

    /** Sends a script with {@code keys}, which its caller runs for each key if Redis cannot serve them together. */
    CompletableFuture<ScriptReply> sendPart(LuaScript script, byte[][] arguments, List<byte[]> keys) {
        Call<ScriptReply> call = scriptCall(script, arguments, keys.get(0));
        call.divisible = keys.size() > 1;
        return send(script, call, null, Long.MAX_VALUE);
    }

    private Call<ScriptReply> scriptCall(LuaScript script, byte[][] arguments, byte @Nullable [] key) {
        return Calls.of(
                Command.EVALSHA,
                limit.check(script, arguments),
                key,
                new Reply.Any<>(ScriptReply::new),
                this,
                System.nanoTime(),
                observers);
    }

    /** Sends a script with arguments that are computed just before the call is sent. */
    CompletableFuture<ScriptReply> send(
            LuaScript script, Supplier<byte[][]> arguments, @Nullable RedisNode node, long timeoutNanos) {
        return send(
                script,
                Calls.late(
                        Command.EVALSHA,
                        () -> limit.check(script, arguments.get()),
                        new Reply.Any<>(ScriptReply::new),
                        this,
                        System.nanoTime(),
                        observers),
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
        call.waitedFor = BlockingCall.take();
        call.mayGoDirectly = call.waitedFor;
        deadlines.watch(call);
        if (node == null) {
            router.dispatch(call);
        } else {
            call.node = node;
            node.dispatch(call);
        }
        return call;
    }

    /** Enforces the deadline of {@code call}, which is sent by other means. */
    public void watch(Call<?> call) {
        deadlines.watch(call);
    }

    /** Returns the observer of the calls. */
    public ObserverSlot observers() {
        return observers;
    }

    public CommandRouter router() {
        return router;
    }

    /** Checks deadlines and connections; to be called regularly. */
    public void tick() {
        deadlines.ensureSwept();
        router.tick();
    }

    /** Ends every remaining call, after all connections and threads have ended. */
    public void close() {
        deadlines.close();
    }

    @Override
    public boolean sentElsewhere(Call<?> call, RefusalReason reason, String error) {
        if (call.command() == Command.EVALSHA && !ScriptErrors.mayBeOfServer(reason, error, call)) {
            return false;
        }
        return reason == RefusalReason.NOSCRIPT ? sentInFull(call) : router.redirect(call, reason, error);
    }

    /** Sends a script again in full, on the same connection, because the server no longer knows it; it has not run. */
    private static boolean sentInFull(Call<?> call) {
        LuaScript script = call.script;
        CallConnection sender = call.connection;
        if (script == null || sender == null || !call.startOver()) {
            return false;
        }
        call.script = null;
        call.inFull(script);
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
