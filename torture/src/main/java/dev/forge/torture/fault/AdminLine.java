package dev.forge.torture.fault;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection that stays open, to control a server that accepts no new ones. Arguments have no spaces. */
final class AdminLine implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final BufferedReader replies;

    AdminLine(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a command whose reply is one line, and returns the reply. */
    String send(String... arguments) {
        try {
            socket.getOutputStream().write((String.join(" ", arguments) + "\r\n").getBytes(StandardCharsets.UTF_8));
            String reply = String.valueOf(replies.readLine());
            if (reply.startsWith("-")) {
                throw new IllegalStateException(arguments[0] + " was answered " + reply);
            }
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
