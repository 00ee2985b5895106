package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.MisplacedReplyException;
import dev.forge.redis.script.LuaScript;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection with its calls: those that wait to be sent, and those that wait for a reply.
 *
 * <p>{@link CallWriter} writes the calls of many threads together, and {@link ConnectionMonitor} monitors whether the
 * server replies. When the connection is lost, calls that were not sent fail as never sent, and the others as unknown.
 *
 * <p>Thread-safe. Nothing here blocks.
 */
public final class PipelinedConnection implements CallConnection {

    /** The most calls that one connection has queued or in flight at once. */
    public static final int MOST_IN_FLIGHT = 16_384;

    private static final long FINISHING_STEP_MILLIS = 20;
    private static final int MOST_FINISHING_STEPS = 25;

    private final String address;
    private final AtomicInteger load = new AtomicInteger();
    private final CallWriter writer;
    private final ConnectionMonitor monitor;

    private volatile boolean ready;
    private volatile Runnable onClose = () -> {};
    private volatile Runnable release = () -> {};
    private @Nullable ThreadAffinity affinity;
    private int number;

    // Set on the event loop, before the connection is open for calls.
    private @Nullable ChannelHandlerContext context;

    // Why the server reads no more commands, or null; written on the event loop.
    private volatile @Nullable RedisFailure cutOff;

    /** @param question makes the command that pings the server */
    public PipelinedConnection(String address, Supplier<Call<?>> question) {
        this.address = address;
        this.writer = new CallWriter(address, this::answered);
        this.monitor = new ConnectionMonitor(this, question);
    }

    @Override
    public String address() {
        return address;
    }

    /**
     * Opens the connection for calls, after the client has logged in.
     *
     * @param onClose runs on the event loop once the connection is closed, before its calls fail
     */
    public void open(Runnable onClose) {
        this.onClose = onClose;
        ChannelHandlerContext connection = context;
        if (connection != null) {
            // Otherwise a failed write would close the connection before the server's last replies were read.
            connection.channel().config().setAutoClose(false);
        }
        monitor.heard();
        ready = true;
    }

    /** Sets {@code release}, which frees the connection's resources; runs once or twice after it has closed. */
    void releaseBy(Runnable release) {
        this.release = release;
        if (!isOpen()) {
            release.run();
        }
    }

    /** Makes this connection {@code number} of a node; its calls count in {@code affinity}. */
    public void join(ThreadAffinity affinity, int number) {
        this.affinity = affinity;
        this.number = number;
    }

    public int number() {
        return number;
    }

    @Override
    public boolean isOfNode() {
        return affinity != null;
    }

    public boolean isOpen() {
        return !writer.isClosed();
    }

    /** Returns the monitor of this connection. */
    public ConnectionMonitor monitor() {
        return monitor;
    }

    /** Returns how many calls wait to be sent or for a reply. */
    public int load() {
        return writer.isClosed() ? 0 : load.get();
    }

    /** Queues a call, which is sent at once; returns false if the connection is full. */
    public boolean offer(Call<?> call) {
        if (load.incrementAndGet() > MOST_IN_FLIGHT) {
            load.decrementAndGet();
            return false;
        }
        put(call);
        return true;
    }

    /** Queues a call that has waited for this connection; returns false if the connection is full. */
    boolean admit(Call<?> call) {
        ThreadAffinity mine = affinity;
        if (mine != null && call.stripe != Call.NO_STRIPE) {
            mine.enter(call, this);
        }
        boolean taken = offer(call);
        if (mine != null && call.stripe != Call.NO_STRIPE && !taken) {
            mine.leave(call, this);
        }
        return taken;
    }

    /** Queues a call that has waited for this connection, or refuses it if the connection is full. */
    void hand(Call<?> call) {
        if (!admit(call)) {
            call.refuse(full(address));
        }
    }

    @Override
    public void forgotten(Call<?> call, LuaScript script) {
        call.inFull(script);
        writer.forgetScripts(script);
        hand(call);
    }

    /** Queues a call of the connection itself, such as a PING, even if the connection is full. */
    public void urge(Call<?> call) {
        load.incrementAndGet();
        put(call);
    }

    private void put(Call<?> call) {
        call.connection = this;
        writer.add(call);
    }

    @Override
    public boolean replied(Call<?> call) {
        answered(call);
        if (cutOff != null) {
            // A later reply shows that the server still reads.
            cutOff = null;
        }
        return !monitor.distrusts(call);
    }

    /** Removes a call from the load: it has its reply, or was given up before it was sent. Runs on the event loop. */
    private void answered(Call<?> call) {
        monitor.answer();
        load.decrementAndGet();
        ThreadAffinity mine = affinity;
        if (mine != null && call.stripe != Call.NO_STRIPE) {
            mine.leave(call, this);
        }
    }

    @Override
    public void handedOut(Call<?> call) {
        if (call.script != null) {
            writer.scriptAnswered(load.get());
        }
    }

    @Override
    public void cutOff(String error) {
        cutOff = new RedisUnavailableException(
                "Redis at " + address + " closed the connection because of another command (" + error
                        + "); this one has not run",
                null);
    }

    /** Returns whether the server closed the connection because of a command, and so would accept another at once. */
    boolean isCutOff() {
        return cutOff != null;
    }

    @Override
    public void missed(Call<?> call) {
        monitor.missed(call);
    }

    @Override
    public void distrust(MisplacedReplyException reason) {
        monitor.distrust(reason);
    }

    @Override
    public boolean distrusts(Call<?> call) {
        return monitor.distrusts(call);
    }

    /** Closes it when its calls have replies, or after half a second. A thread may have chosen it just before. */
    public void finish() {
        finish(MOST_FINISHING_STEPS);
    }

    private void finish(int steps) {
        onLoop(loop -> loop.schedule(
                () -> {
                    if (load() == 0 || steps == 1) {
                        close();
                    } else {
                        finish(steps - 1);
                    }
                },
                FINISHING_STEP_MILLIS,
                TimeUnit.MILLISECONDS));
    }

    /** Runs {@code task} with the event loop of the connection, if that still runs. */
    void onLoop(Consumer<EventLoop> task) {
        writer.onLoop(task);
    }

    @Override
    public void close() {
        ChannelHandlerContext connection = context;
        if (connection != null) {
            connection.close();
        }
    }

    /** Called when the connection is being made. Runs on the event loop. */
    void attach(ChannelHandlerContext connection) {
        context = connection;
        writer.attach(connection);
    }

    /** Returns whether the connection is open for calls. */
    boolean isReady() {
        return ready;
    }

    /** Writes the calls that wait, because the network takes more bytes again. Runs on the event loop. */
    void write() {
        writer.write();
    }

    /** Called when the connection has closed: its calls fail. Runs on the event loop. */
    void lost() {
        writer.close();
        if (ready) {
            onClose.run();
            writer.failAll(cutOff);
        }
        monitor.failDistrusted();
    }

    /** Frees the connection's resources, after it has closed. */
    void release() {
        release.run();
    }

    /** Returns the failure of a call for which the connections to {@code address} are full. */
    public static RedisFailure full(String address) {
        return RedisUnavailableException.backPressure(
                PipelinedConnection.MOST_IN_FLIGHT + " commands to Redis at " + address + " are already under way");
    }
}
