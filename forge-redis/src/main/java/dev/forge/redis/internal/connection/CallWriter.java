package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.script.LuaScript;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the calls of many threads and writes them together to one connection.
 *
 * <p>A call that finds the queue empty starts a task on the event loop, which writes all calls that are queued by then.
 * So a lone call is sent at once, and under load many share one buffer and one write to the socket. Calls of one thread
 * keep their order.
 */
final class CallWriter {

    // Replies of scripts to deliver before more calls are sent: the load divided by the first, and at least the second.
    private static final int PART_ANSWERED = 4;
    private static final int FEWEST_ANSWERED = 2;

    private final String address;
    private final Consumer<Call<?>> givenUp;
    private final CallStack pushed = new CallStack();
    private final Runnable write = this::write;

    private volatile boolean closed;
    private volatile @Nullable EventLoop loop;

    // Confined to the event loop.
    private @Nullable ChannelHandlerContext context;
    private @Nullable Queue<RedisCommand<?, ?, ?>> unanswered;
    private @Nullable Call<?> taken;
    private int scriptsAnswered;
    private final KnownScripts scripts = new KnownScripts();

    /**
     * @param address the address that failures name
     * @param givenUp takes each call that will not be written, on the event loop
     */
    CallWriter(String address, Consumer<Call<?>> givenUp) {
        this.address = address;
        this.givenUp = givenUp;
    }

    /** Sets where to write. Runs on the event loop, before any call is added. */
    void attach(ChannelHandlerContext connection) {
        context = connection;
        loop = connection.channel().eventLoop();
        unanswered = connection.pipeline().get(CommandHandler.class).getStack();
    }

    /** Adds {@code call}, which is written at once. */
    void add(Call<?> call) {
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
            current.execute(write);
        } catch (RejectedExecutionException e) {
            // The manager has closed, and with it every connection.
            closed = true;
            refuse();
        }
    }

    /** Writes the queued calls. Runs on the event loop. */
    void write() {
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
            // Calls that cannot be written now wait, unsent, until the channel is writable again.
            return;
        }
        scriptsAnswered = 0;
        Batch batch = new Batch(address, givenUp, connection.alloc(), answers, scripts);
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
            connection.channel().eventLoop().execute(write);
        }
    }

    /**
     * Notes that the reply of a script has been delivered; the replies of other calls that were read with it are
     * delivered next. Runs on the event loop.
     *
     * <p>Waking a caller takes about as long as a script runs. So that the server is not idle until all callers are
     * awake, the next calls of the first ones are sent in between. This is only done for scripts: other commands take
     * the server less time than another write would take us.
     *
     * @param load how many calls wait to be sent or for a reply
     */
    void scriptAnswered(int load) {
        scriptsAnswered++;
        if (scriptsAnswered >= Math.max(FEWEST_ANSWERED, load / PART_ANSWERED) && !pushed.isEmpty()) {
            write();
        }
    }

    /** Notes that the server no longer knows any script, and will be sent {@code next} in full. */
    void forgetScripts(LuaScript next) {
        scripts.forget();
        scripts.isNew(next);
    }

    /** Returns whether the connection is closed, so that nothing more is written. */
    boolean isClosed() {
        return closed;
    }

    /** Writes nothing more. */
    void close() {
        closed = true;
    }

    /**
     * Fails all calls that were added and have no reply. Runs on the event loop, after {@link #close()}.
     *
     * @param cutOff why the server has read none of them, or null if it may have
     */
    void failAll(@Nullable RedisFailure cutOff) {
        CallStack.failUnanswered(unanswered, cutOff);
        Call<?> waiting = taken;
        taken = null;
        CallStack.fail(waiting, cutOff);
        CallStack.fail(pushed.takeAll(), cutOff);
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

    /** Fails the calls that have not been taken from the queue. */
    private void refuse() {
        CallStack.fail(pushed.takeAll());
    }
}
