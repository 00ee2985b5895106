package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.MisplacedReplyException;
import dev.forge.redis.script.LuaScript;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection that collects the calls of many threads and writes them together.
 *
 * <p>A call that finds the queue empty starts a task on the event loop, which writes all calls that are queued by then.
 * So a lone call is sent at once, and under load many share one buffer and one write to the socket. Calls of one thread
 * keep their order.
 *
 * <p>{@link ConnectionMonitor} monitors it.
 */
public final class PipelinedConnection extends ChannelInboundHandlerAdapter implements CallConnection {

    /** The most calls that one connection has queued or in flight at once. */
    public static final int MOST_IN_FLIGHT = 16_384;

    // Replies of scripts to deliver before more calls are sent: the load divided by the first, and at least the second.
    private static final int PART_ANSWERED = 4;
    private static final int FEWEST_ANSWERED = 2;

    private static final long FINISHING_STEP_MILLIS = 20;
    private static final long READING_MILLIS = 50;
    private static final int MOST_FINISHING_STEPS = 25;

    private final String address;
    private final CallStack pushed = new CallStack();
    private final AtomicInteger load = new AtomicInteger();
    private final Runnable send = this::send;
    private final ConnectionMonitor monitor;

    private volatile boolean ready;
    private volatile boolean closed;
    private volatile Runnable onClose = () -> {};
    private volatile Runnable release = () -> {};
    private @Nullable ThreadAffinity affinity;
    private int number;

    // Confined to the event loop.
    private @Nullable ChannelHandlerContext context;
    private @Nullable Queue<RedisCommand<?, ?, ?>> unanswered;
    private @Nullable Call<?> taken;
    private int scriptsAnswered;
    private final KnownScripts scripts = new KnownScripts();

    private volatile @Nullable EventLoop loop;

    // Why the server reads no more commands, or null; written on the event loop.
    private volatile @Nullable RedisFailure cutOff;

    /** @param question makes the command that pings the server */
    public PipelinedConnection(String address, Supplier<Call<?>> question) {
        this.address = address;
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
        if (closed) {
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
        return !closed;
    }

    /** Returns the monitor of this connection. */
    public ConnectionMonitor monitor() {
        return monitor;
    }

    /** Returns how many calls wait to be sent or for a reply. */
    public int load() {
        return closed ? 0 : load.get();
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

    @Override
    public void forgotten(Call<?> call, LuaScript script) {
        scripts.forget();
        call.inFull(script);
        scripts.isNew(script);
        if (!admit(call)) {
            call.refuse(full(address));
        }
    }

    /** Queues a call of the connection itself, such as a PING, even if the connection is full. */
    public void urge(Call<?> call) {
        load.incrementAndGet();
        put(call);
    }

    private void put(Call<?> call) {
        call.connection = this;
        if (pushed.push(call)) {
            wake();
        }
    }

    private void wake() {
        EventLoop current = loop;
        try {
            if (current == null) {
                throw new IllegalStateException("the connection is not open yet");
            }
            current.execute(send);
        } catch (RejectedExecutionException e) {
            // The manager has closed, and with it every connection.
            closed = true;
            refuse();
        }
    }

    /** Writes the queued calls. Runs on the event loop. */
    private void send() {
        ChannelHandlerContext connection = context;
        Queue<RedisCommand<?, ?, ?>> answers = unanswered;
        if (closed || connection == null || answers == null) {
            refuse();
            return;
        }
        if (taken == null) {
            taken = pushed.takeAll();
        }
        if (taken == null || !connection.channel().isWritable()) {
            // Calls that cannot be written now wait, unsent, for channelWritabilityChanged.
            return;
        }
        scriptsAnswered = 0;
        Batch batch = new Batch(this, connection.alloc(), answers, scripts);
        boolean written = false;
        try {
            for (Call<?> call = taken; call != null && !batch.isFull(); call = taken) {
                taken = call.nextToSend;
                call.nextToSend = null;
                batch.add(call, taken == null);
            }
            written = true;
        } finally {
            if (!written) {
                // Some calls now await replies to unsent commands: later replies would go to the wrong calls.
                batch.drop();
                connection.close();
            }
        }
        ByteBuf buffer = batch.buffer();
        if (buffer != null) {
            connection.writeAndFlush(buffer, connection.voidPromise());
        }
        if (taken != null || !pushed.isEmpty()) {
            connection.channel().eventLoop().execute(send);
        }
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
    void answered(Call<?> call) {
        monitor.answer();
        load.decrementAndGet();
        ThreadAffinity mine = affinity;
        if (mine != null && call.stripe != Call.NO_STRIPE) {
            mine.leave(call, this);
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>The replies of other calls that were read with it are delivered next. Waking a caller takes about as long as a
     * script runs. So that the server is not idle until all callers are awake, the next calls of the first ones are
     * sent in between. This is only done for scripts: other commands take the server less time than another write would
     * take us.
     */
    @Override
    public void handedOut(Call<?> call) {
        if (call.script == null) {
            return;
        }
        scriptsAnswered++;
        if (scriptsAnswered >= Math.max(FEWEST_ANSWERED, load.get() / PART_ANSWERED) && !pushed.isEmpty()) {
            send();
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
        EventLoop current = loop;
        try {
            if (current != null) {
                task.accept(current);
            }
        } catch (RejectedExecutionException e) {
            // The manager has closed, and with it every connection.
            closed = true;
        }
    }

    @Override
    public void close() {
        ChannelHandlerContext connection = context;
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        loop = added.channel().eventLoop();
        unanswered = added.pipeline().get(CommandHandler.class).getStack();
    }

    @Override
    public void channelRead(ChannelHandlerContext connection, Object message) {
        monitor.heard();
        connection.fireChannelRead(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext connection) {
        if (connection.channel().isWritable()) {
            send();
        }
        connection.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext connection, Throwable cause) {
        if (ready && cause instanceof IOException) {
            // Nothing more can be written, but replies that have arrived can still be read.
            onLoop(loop -> loop.schedule(this::close, READING_MILLIS, TimeUnit.MILLISECONDS));
        } else if (ready) {
            // The client would fail only one call, and every later reply might go to the wrong one.
            connection.close();
        } else {
            connection.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext connection) {
        closed = true;
        if (ready) {
            onClose.run();
            CallStack.failUnanswered(unanswered, cutOff);
            Call<?> waiting = taken;
            taken = null;
            CallStack.fail(waiting, cutOff);
            CallStack.fail(pushed.takeAll(), cutOff);
        }
        monitor.failDistrusted();
        connection.fireChannelInactive();
        release.run();
    }

    /** Returns the failure of a call for which the connections to {@code address} are full. */
    public static RedisFailure full(String address) {
        return RedisUnavailableException.backPressure(
                PipelinedConnection.MOST_IN_FLIGHT + " commands to Redis at " + address + " are already under way");
    }

    /** Fails the calls that have not been taken from the queue. */
    private void refuse() {
        CallStack.fail(pushed.takeAll());
    }
}
