package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.RespWriter;
import dev.forge.redis.internal.transport.Wire;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the calls of many threads and writes them together to one connection, on a thread of its own.
 *
 * <p>A call that finds the queue empty wakes the writer, which lets other threads run once ({@link Thread#yield}) and
 * then takes all calls that are queued by then. So a lone call is sent at once, and under load many share one write to
 * the socket. Calls of one thread keep their order.
 */
final class CallWriter {

    // Few enough that one large batch does not delay others.
    private static final int MOST_CALLS = 256;
    private static final int LARGEST = 64 * 1024;

    private final Wire wire;
    private final Unanswered answers;
    private final Consumer<Call<?>> givenUp;
    private final CallEncoder encoder;
    private final CallStack pushed = new CallStack();

    private volatile boolean idle;
    private volatile boolean closed;
    private volatile boolean drained;

    // Why the server has read none of the calls that were left, or null; set before drained.
    private volatile @Nullable RedisFailure cutOff;

    private volatile @Nullable Thread thread;

    // Confined to the writer: the calls that are not in the batch yet, and the ends of the batch.
    private @Nullable Call<?> left;
    private @Nullable Call<?> first;
    private @Nullable Call<?> last;

    /**
     * @param address the address that failures name
     * @param scripts those that the connection has sent
     * @param givenUp takes each call that will not be written
     */
    CallWriter(String address, Wire wire, Unanswered answers, KnownScripts scripts, Consumer<Call<?>> givenUp) {
        this.wire = wire;
        this.answers = answers;
        this.givenUp = givenUp;
        this.encoder = new CallEncoder(address, LARGEST, scripts);
    }

    /** Adds {@code call}, which is written at once. */
    void add(Call<?> call) {
        if (!pushed.push(call)) {
            return;
        }
        if (drained) {
            CallStack.fail(pushed.takeAll(), cutOff);
        } else if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /** Writes the calls until the connection is closed. */
    void run() throws IOException {
        thread = Thread.currentThread();
        while (!closed) {
            Call<?> next = pushed.takeAll();
            if (next == null) {
                awaitCalls();
            } else {
                writeAll(next);
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // it only decides how many calls share a write
    private void awaitCalls() {
        idle = true;
        if (pushed.isEmpty() && !closed) {
            // An interrupt would make it run in circles.
            Thread.interrupted();
            LockSupport.park(this);
        }
        idle = false;
        Thread.yield();
    }

    private void writeAll(Call<?> all) throws IOException {
        left = all;
        try {
            while (left != null) {
                fillBatch();
                flush();
            }
        } finally {
            encoder.bytes().clear();
            Call<?> rest = left;
            if (rest != null && !answers.addAll(rest)) {
                CallStack.failUnsent(rest, cutOff);
            }
        }
    }

    /** Adds calls to the batch until it is large enough. */
    private void fillBatch() {
        for (int calls = 0; calls < MOST_CALLS && encoder.bytes().length() < LARGEST; calls++) {
            Call<?> call = left;
            if (call == null) {
                return;
            }
            left = call.nextToSend;
            call.nextToSend = null;
            encode(call);
        }
    }

    private void encode(Call<?> call) {
        if (!call.claim()) {
            givenUp.accept(call);
            return;
        }
        Call<Void> asking = call.asking ? HandshakeCommands.asking() : null;
        if (!encoder.add(call, asking)) {
            givenUp.accept(call);
            return;
        }
        if (asking != null) {
            append(asking);
        }
        append(call);
    }

    private void append(Call<?> call) {
        if (last == null) {
            first = call;
        } else {
            last.nextToSend = call;
        }
        last = call;
    }

    private void flush() throws IOException {
        Call<?> batch = first;
        Call<?> end = last;
        first = null;
        last = null;
        if (batch == null || end == null) {
            return;
        }
        // Before the write, because the replies may come before that returns.
        if (!answers.add(batch, end)) {
            CallStack.failUnsent(batch, cutOff);
            throw new ClosedChannelException();
        }
        Thread.interrupted();
        RespWriter bytes = encoder.bytes();
        wire.write(bytes.bytes(), 0, bytes.length());
        bytes.clear();
    }

    /** Returns whether the connection is closed, so that nothing more is written. */
    boolean isClosed() {
        return closed;
    }

    /** Writes nothing more. */
    void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /**
     * Fails all calls that were added and have no reply, after {@link #close()}.
     *
     * @param reason why the server has read none of them, or null if it may have
     */
    void failAll(@Nullable RedisFailure reason) {
        cutOff = reason;
        drained = true;
        CallStack.fail(answers.close(), reason);
        CallStack.fail(pushed.takeAll(), reason);
    }
}
