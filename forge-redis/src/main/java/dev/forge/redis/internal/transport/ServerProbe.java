package dev.forge.redis.internal.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.forge.redis.internal.thread.Scheduler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Future;

/** Sends a server one request on a separate connection, and returns the first bytes of the reply; sends no secret. */
final class ServerProbe {

    private static final byte[] PING = "PING\r\n".getBytes(US_ASCII);

    // The shortest ClientHello of TLS 1.2 (RFC 5246, section 7.4.1.2). The server need not accept it: an alert is a
    // reply too.
    private static final byte[] CLIENT_HELLO = HexFormat.of()
            .parseHex(
                    "1603010035" + "01000031" + "0303" + "5a".repeat(32) + "00" + "000ac02fc02bc030c02c002f" + "0100");

    private final InetSocketAddress address;
    private final Duration time;
    private final Scheduler scheduler;

    /** @param time how long a probe may take */
    ServerProbe(InetSocketAddress address, Duration time, Scheduler scheduler) {
        this.address = address;
        this.time = time;
        this.scheduler = scheduler;
    }

    /** Sends PING in plain text. Blocks; returns nothing if there is no reply in time. */
    byte[] inPlain() {
        return ask(PING);
    }

    /** Starts a TLS handshake; returns whether the server speaks TLS. Blocks. */
    boolean speaksTls() {
        return ServerBytes.isTls(ask(CLIENT_HELLO));
    }

    private byte[] ask(byte[] question) {
        byte[] answer = new byte[ServerBytes.ENOUGH];
        try (SocketChannel channel = Channels.tcp()) {
            Future<?> end = scheduler.schedule(() -> Channels.close(channel), time.toMillis());
            channel.connect(address);
            Wire wire = new PlainWire(channel, answer.length);
            wire.write(question, 0, question.length);
            int length = wire.read(answer, 0, answer.length);
            end.cancel(false);
            return Arrays.copyOf(answer, Math.max(0, length));
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
