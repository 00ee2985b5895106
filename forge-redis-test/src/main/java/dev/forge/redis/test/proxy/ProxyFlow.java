package dev.forge.redis.test.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** One direction of one connection, with the bytes that are read and not yet delivered. */
final class ProxyFlow {
    private final SocketChannel source;
    private final SocketChannel sink;
    private final Faults faults;
    private final Deque<Chunk> queue = new ArrayDeque<>();
    private int queued;
    private long lastArrival = System.nanoTime();
    private boolean blocked;
    private boolean ended;
    private boolean blackHoled;
    private boolean lossy;

    /** What became of the bytes that were read. */
    enum Outcome {
        /** They were handled. */
        READ,
        /** The stream was cut: its end follows, and the sender is no longer needed. */
        CUT,
        /** The connection must be reset. */
        RESET
    }

    /** The end of the stream is a chunk too: it is delayed as long as the bytes before it. */
    private record Chunk(ByteBuffer content, long arrival, boolean isEnd) {}

    ProxyFlow(SocketChannel source, SocketChannel sink, Faults faults) {
        this.source = source;
        this.sink = sink;
        this.faults = faults;
    }

    /** Reads the available bytes and passes them on, now or later. */
    Outcome read(ByteBuffer buffer) throws IOException {
        buffer.clear().limit(faults.mostRead());
        int length = source.read(buffer);
        if (length < 0) {
            end();
            return Outcome.READ;
        }
        faults.count(length);
        if (length == 0) {
            return Outcome.READ;
        }
        if (losesBytes()) {
            lossy = true;
            return Outcome.READ;
        }
        return pass(buffer.flip());
    }

    private Outcome pass(ByteBuffer content) throws IOException {
        Faults.Once fault = faults.pollOnce();
        if (fault instanceof Faults.Reset) {
            return Outcome.RESET;
        }
        if (fault instanceof Faults.Truncate) {
            deliver(content.limit(content.limit() / 2), 0);
            end();
            return Outcome.CUT;
        }
        if (fault instanceof Faults.Corrupt corrupt) {
            int index = Math.floorMod(corrupt.position(), content.limit());
            content.put(index, (byte) ~content.get(index));
        }
        deliver(content, fault instanceof Faults.Hold hold ? hold.nanos() : 0);
        return Outcome.READ;
    }

    private void deliver(ByteBuffer content, long held) throws IOException {
        long now = System.nanoTime();
        lastArrival = Math.max(lastArrival, faults.arrival(content.remaining(), now) + held);
        if (queue.isEmpty() && lastArrival <= now && !faults.isStalled() && !sink.isConnectionPending()) {
            sink.write(content);
        }
        if (content.hasRemaining()) {
            ByteBuffer copy =
                    ByteBuffer.allocate(content.remaining()).put(content).flip();
            queued += copy.remaining();
            queue.add(new Chunk(copy, lastArrival, false));
            flush(now);
        }
    }

    /** Delivers what is due by {@code now}, as far as the receiver accepts it; nothing before it connects. */
    void flush(long now) throws IOException {
        blocked = sink.isConnectionPending();
        while (!blocked
                && !faults.isStalled()
                && !queue.isEmpty()
                && queue.element().arrival() <= now) {
            Chunk chunk = queue.element();
            queued -= sink.write(chunk.content());
            blocked = chunk.content().hasRemaining();
            if (!blocked) {
                if (chunk.isEnd()) {
                    sink.shutdownOutput();
                }
                queue.remove();
            }
        }
    }

    private void end() throws IOException {
        ended = true;
        if (losesBytes()) {
            lossy = true;
        } else {
            queue.add(new Chunk(ByteBuffer.allocate(0), lastArrival, true));
            flush(System.nanoTime());
        }
    }

    /** Passes nothing any more, without the receiver noticing. */
    void blackHole() {
        blackHoled = true;
        queue.clear();
    }

    /** Loses the end of a stream whose sender has closed it. */
    void loseEnd() {
        ended = true;
        lossy = true;
    }

    /** Lets everything that waits arrive now. */
    void hurry() {
        long now = System.nanoTime();
        lastArrival = now;
        for (int count = queue.size(); count > 0; count--) {
            Chunk chunk = queue.remove();
            queue.add(new Chunk(chunk.content(), now, chunk.isEnd()));
        }
    }

    boolean losesBytes() {
        return blackHoled || lossy || faults.isDropping();
    }

    boolean hasLostBytes() {
        return lossy;
    }

    /** Whether the stream has ended and its end has been delivered, or never will be. */
    boolean isOver() {
        return ended && queue.isEmpty();
    }

    boolean wantsToRead(boolean connected) {
        return !ended && (losesBytes() || (connected && !faults.isStalled() && queued < faults.mostQueued()));
    }

    boolean wantsToWrite() {
        return blocked && !faults.isStalled();
    }

    /** When the next delayed bytes are due; {@link Long#MAX_VALUE} if there are none. */
    long nextArrival() {
        return queue.isEmpty() || blocked || faults.isStalled()
                ? Long.MAX_VALUE
                : queue.element().arrival();
    }
}
