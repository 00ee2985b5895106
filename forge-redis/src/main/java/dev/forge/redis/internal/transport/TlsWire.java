package dev.forge.redis.internal.transport;

import dev.forge.redis.internal.tls.ServerNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection with TLS, by the JDK. */
final class TlsWire implements Wire {

    private final SocketChannel channel;
    private final BelowTls below;
    private final InputStream in;
    private final OutputStream out;

    private TlsWire(SocketChannel channel, BelowTls below, SSLSocket socket) throws IOException {
        this.channel = channel;
        this.below = below;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /**
     * Makes the handshake on a connected channel.
     *
     * @param below the socket of the channel
     * @param host the name that the certificate of the server must have
     * @param verify whether the certificate and its name are verified
     */
    static TlsWire open(SocketChannel channel, BelowTls below, String host, int port, TlsTerms terms, boolean verify)
            throws IOException {
        SSLSocket socket = (SSLSocket) terms.context(verify).getSocketFactory().createSocket(below, host, port, false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(terms.protocols().toArray(String[]::new));
        if (!terms.ciphers().isEmpty()) {
            parameters.setCipherSuites(terms.ciphers().toArray(String[]::new));
        }
        if (verify) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        ServerNames.send(host, parameters);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new TlsWire(channel, below, socket);
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        return in.read(to, offset, length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        below.checkWritten();
    }

    @Override
    public boolean isQuiet() {
        // What has arrived may be a message of TLS alone, such as a session ticket or a key update. Servers send those
        // with a reply, which has been read with them; one that comes separately costs no more than this connection.
        try {
            return in.available() == 0 && Channels.isQuiet(channel, ByteBuffer.allocate(1));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        // Without the farewell of TLS, which would wait for a write that is stuck.
        Channels.close(channel);
    }
}
