package dev.forge.redis.internal.transport;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The socket under TLS: what the JDK encrypts and decrypts goes through it.
 *
 * <p>It remembers the first bytes of the server, for a server that does not speak TLS. And it keeps a failed write to
 * itself, until asked: the JDK would read nothing more after it, not even why the server closed the connection.
 */
final class BelowTls extends Socket {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private volatile byte[] first = {};
    private volatile @Nullable IOException writeFailure;

    BelowTls(SocketChannel channel) throws IOException {
        this.socket = channel.socket();
        this.in = new Received(socket.getInputStream());
        this.out = new Sent(socket.getOutputStream());
    }

    /** Returns the first bytes of the server, as many as have come and {@link ServerBytes} needs. */
    byte[] first() {
        try {
            if (first.length > 0 && first.length < ServerBytes.ENOUGH && in.available() > 0) {
                // The JDK has read no more than the header of a record.
                var unused = in.read(new byte[ServerBytes.ENOUGH]);
            }
        } catch (IOException e) {
            // What has arrived has to be enough.
        }
        return first;
    }

    /** Throws the failure of the last write, if it has failed. */
    void checkWritten() throws IOException {
        IOException failure = writeFailure;
        if (failure != null) {
            throw failure;
        }
    }

    private final class Received extends FilterInputStream {

        Received(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = super.read(to, offset, length);
            if (count > 0 && first.length < ServerBytes.ENOUGH) {
                int before = first.length;
                byte[] more = Arrays.copyOf(first, Math.min(ServerBytes.ENOUGH, before + count));
                System.arraycopy(to, offset, more, before, more.length - before);
                first = more;
            }
            return count;
        }
    }

    private final class Sent extends FilterOutputStream {

        Sent(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (writeFailure != null) {
                return;
            }
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                writeFailure = e;
            }
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return socket.getLocalAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public int getLocalPort() {
        return socket.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return socket.getLocalSocketAddress();
    }

    @Override
    public synchronized void close() throws IOException {
        socket.close();
    }
}
