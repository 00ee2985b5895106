package com.example.app.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A client that sends exactly what it is told to, correct or not, at its own pace. */
final class RawClient implements AutoCloseable {
    private final Socket socket;

    RawClient(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Sends the first line of a request, its header fields, and {@code body} after them. */
    static RawClient request(int port, String firstLine, String headers, String body) throws IOException {
        RawClient client = new RawClient(port);
        client.send(firstLine + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n" + body);
        return client;
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** Sends {@code text} again and again; returns how often, until the server closed the connection. */
    int sendUntilRefused(String text, int times) {
        for (int sent = 0; sent < times; sent++) {
            try {
                send(text);
            } catch (IOException refused) {
                return sent;
            }
        }
        return times;
    }

    boolean isAnswered() {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException closed) {
            return true;
        }
    }

    /** The first line of the answer. */
    String status(Duration atMost) throws IOException {
        socket.setSoTimeout((int) atMost.toMillis());
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read(); next >= 0 && next != '\r'; next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    /** Everything that the server sends until it closes the connection, or says nothing for {@code atMost}. */
    String answer(Duration atMost) throws IOException {
        socket.setSoTimeout((int) atMost.toMillis());
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                answer.write(next);
            }
        } catch (SocketException | SocketTimeoutException end) {
            // What came before is the answer.
        }
        return answer.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
