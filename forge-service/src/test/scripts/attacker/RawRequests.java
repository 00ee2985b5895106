package attacker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Requests that no HTTP client sends: too large, too slow, malformed. */
final class RawRequests {
    private static final int LARGE_BODY = 100 << 20;
    private static final int SLOW_CLIENTS = 250;
    private static final long LONGEST_LIFE_NANOS = 20_000_000_000L;
    private static final List<String> WRITING = List.of("PUT /direct/x", "POST /sessions", "POST /tasks", "PUT /users/1/profile");

    private final int port;
    private final Findings findings;

    RawRequests(int port, Findings findings) {
        this.port = port;
        this.findings = findings;
    }

    /** Sends a body of 100 MB, in chunks, with a length, or of white space, for as long as the service reads it. */
    void large(int turn) throws IOException {
        String line = WRITING.get(turn % WRITING.size());
        boolean chunked = turn % 3 != 0;
        String begin = turn % 2 == 0 ? " " : "{\"a\":\"";
        byte[] block = (begin + (turn % 2 == 0 ? " " : "x").repeat(65535)).getBytes(ISO_8859_1);
        byte[] start = String.format("%x\r\n", block.length).getBytes(ISO_8859_1);
        try (Socket socket = open()) {
            OutputStream out = socket.getOutputStream();
            write(out, head(line, chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + LARGE_BODY));
            int sent = 0;
            try {
                for (; sent < LARGE_BODY; sent += block.length) {
                    if (chunked) {
                        out.write(start);
                    }
                    out.write(block);
                    if (chunked) {
                        out.write('\r');
                        out.write('\n');
                    }
                }
            } catch (IOException refused) {
                // As it should be.
            }
            if (sent >= 20 << 20) {
                findings.add("large body was read", line + " " + sent + " bytes");
            }
            answer(socket, line + " large");
        }
    }

    /** Keeps 250 clients busy, each of which sends a byte a second; returns when the time is over. */
    void slow(long end) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        List<Long> begun = new ArrayList<>();
        try {
            while (System.nanoTime() < end) {
                while (sockets.size() < SLOW_CLIENTS) {
                    sockets.add(open());
                    begun.add(System.nanoTime());
                    startSlowly(sockets.get(sockets.size() - 1), WRITING.get(sockets.size() % WRITING.size()));
                }
                Thread.sleep(1000);
                for (int i = sockets.size() - 1; i >= 0; i--) {
                    if (hasEnded(sockets.get(i))) {
                        sockets.remove(i).close();
                        begun.remove(i);
                    } else if (System.nanoTime() - begun.get(i) > LONGEST_LIFE_NANOS) {
                        findings.add("slow body is not refused", "for more than 20 s");
                        begun.set(i, System.nanoTime());
                    }
                }
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Sends each malformed request of one part out of {@code parts} once, while there is time. */
    void malformed(int part, int parts, long end) {
        List<String> all = MalformedRequests.all();
        for (int i = part; i < all.size() && System.nanoTime() < end; i += parts) {
            String request = all.get(i);
            try (Socket socket = open()) {
                write(socket.getOutputStream(), request);
                answer(socket, request.lines().findFirst().orElse(""), request);
            } catch (IOException refused) {
                // The service may close the connection of a client that does not speak HTTP.
            }
        }
    }

    private static void startSlowly(Socket socket, String line) {
        try {
            write(socket.getOutputStream(), head(line, "Content-Length: 60000") + "{");
        } catch (IOException refused) {
            // Seen when the next byte is sent.
        }
    }

    /** Whether the service answered, or closed the connection; else sends one byte more. */
    private boolean hasEnded(Socket socket) {
        try {
            if (socket.getInputStream().available() > 0) {
                answer(socket, "slow body");
                return true;
            }
            socket.getOutputStream().write(' ');
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    private void answer(Socket socket, String request) {
        answer(socket, request, request);
    }

    private void answer(Socket socket, String request, String whole) {
        byte[] answer = new byte[600];
        try {
            socket.setSoTimeout(12_000);
            int count = socket.getInputStream().read(answer);
            String text = count < 0 ? "" : new String(answer, 0, count, ISO_8859_1);
            if (text.startsWith("HTTP/1.1 ")) {
                findings.answer(request, Integer.parseInt(text.substring(9, 12)), text + " <- " + whole);
            }
        } catch (java.net.SocketTimeoutException none) {
            findings.add("no answer", whole);
        } catch (IOException closed) {
            // An answer may get lost when a connection is closed before all was read.
        }
    }

    private Socket open() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static String head(String line, String length) {
        return line + " HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + Floods.address()
                + "\r\nContent-Type: application/json\r\n" + length + "\r\n\r\n";
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
    }
}
