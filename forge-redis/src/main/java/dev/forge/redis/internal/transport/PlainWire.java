package dev.forge.redis.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connection without encryption: TCP or a Unix domain socket.
 *
 * <p>It has direct buffers of its own, because the JDK would borrow and clear one for each call.
 */
final class PlainWire implements Wire {

    private final SocketChannel channel;
    private final ByteBuffer in;
    private final ByteBuffer out;

    /** @param bufferSize how many bytes one system call reads or writes at most */
    PlainWire(SocketChannel channel, int bufferSize) {
        this.channel = channel;
        this.in = ByteBuffer.allocateDirect(bufferSize);
        this.out = ByteBuffer.allocateDirect(bufferSize);
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        in.clear().limit(Math.min(length, in.capacity()));
        int count = channel.read(in);
        if (count > 0) {
            in.flip().get(to, offset, count);
        }
        return count;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, out.capacity());
            out.clear().put(bytes, offset + done, part).flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            done += part;
        }
    }

    @Override
    public boolean isQuiet() {
        return Channels.isQuiet(channel, in.clear());
    }

    @Override
    public void close() {
        Channels.close(channel);
    }
}
