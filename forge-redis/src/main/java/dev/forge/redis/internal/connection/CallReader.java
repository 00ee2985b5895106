package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.MisplacedReplyException;
import dev.forge.redis.internal.protocol.ReplyReader;
import dev.forge.redis.internal.thread.WakeBatch;
import dev.forge.redis.internal.transport.Wire;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the replies of one connection, on a thread of its own, and ends the calls in their order.
 *
 * <p>Callbacks of calls run on this thread. While one runs, no more replies are read.
 */
final class CallReader implements ReplyReader.Source {

    static final int BUFFER = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");

    private final PipelinedConnection pipeline;
    private final Wire wire;
    private final Unanswered answers;
    private final PushListener pushes;
    private final ReplyReader reader = new ReplyReader(this, BUFFER);
    private final WakeBatch wakeBatch = new WakeBatch();

    private volatile boolean listening;

    /** @param pushes takes each push message, in its order among the replies */
    CallReader(PipelinedConnection pipeline, Wire wire, Unanswered answers, PushListener pushes) {
        this.pipeline = pipeline;
        this.wire = wire;
        this.answers = answers;
        this.pushes = pushes;
    }

    /** Returns whether it waits for the server, and not for a callback or for the processor. */
    boolean isListening() {
        return listening;
    }

    /** Reads until the connection is closed, by whichever side, and closes it. */
    void run() {
        wakeBatch.collect();
        try {
            while (true) {
                readOne();
            }
        } catch (MisplacedReplyException e) {
            LOG.warn(
                    "Redis at {} sent {}; closing the connection, because other replies may have gone to wrong calls",
                    pipeline.address(),
                    e.getMessage());
        } catch (IOException e) {
            LOG.debug("The connection to Redis at {} has ended", pipeline.address(), e);
        } catch (Throwable e) {
            // For example for lack of memory.
            LOG.warn("Replies of Redis at {} could not be read", pipeline.address(), e);
        } finally {
            try {
                wakeBatch.end();
            } finally {
                wire.close();
                pipeline.lost();
            }
        }
    }

    private void readOne() throws IOException {
        if (reader.isPushNext()) {
            pushes.pushed(reader.readPush());
            return;
        }
        Call<?> call = answers.first();
        if (call == null) {
            throw MisplacedReplyException.unasked();
        }
        // It stays the first unanswered call until all of its reply is there.
        call.readFrom(reader);
        answers.removeFirst();
        pipeline.replied(call);
        call.replied();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        // A callback may have interrupted this thread, which would close the connection.
        Thread.interrupted();
        wakeBatch.wakeAll();
        listening = true;
        int count = wire.read(to, offset, length);
        listening = false;
        wakeBatch.wakeLate();
        if (count > 0) {
            pipeline.monitor().heard();
        }
        return count;
    }
}
