package dev.forge.redis.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DialerTest {

    private static final Duration WHOLE = Duration.ofSeconds(20);

    // Timers count in milliseconds.
    private static final Duration TIMERS = Duration.ofMillis(20);

    private final Scheduler scheduler = new Scheduler();
    private final List<SocketChannel> filling = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (SocketChannel channel : filling) {
            channel.close();
        }
        scheduler.close();
    }

    @Test
    void givesUpSoonWhereNothingAcceptsALaterAttempt() throws Exception {
        try (ServerSocket deaf = deaf()) {
            long start = System.nanoTime();

            Throwable failure = catchThrowable(() -> dial(deaf, Patience.ofLater(WHOLE)));

            assertThat(failure).isInstanceOf(TimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(WHOLE.dividedBy(2));
        }
    }

    @Test
    void leavesTheFirstAttemptItsWholeTime() throws Exception {
        Duration whole = Duration.ofMillis(1_500);
        try (ServerSocket deaf = deaf()) {
            long start = System.nanoTime();

            Throwable failure = catchThrowable(() -> dial(deaf, Patience.ofFirst(whole)));

            assertThat(failure).isInstanceOf(TimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(whole.minus(TIMERS));
        }
    }

    @Test
    void leavesALaterAttemptItsWholeTimeOnceTheServerHasAccepted() throws Exception {
        Duration whole = Duration.ofMillis(1_500);
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long start = System.nanoTime();

            Throwable failure = catchThrowable(() -> dial(mute, Patience.ofLater(whole)));

            assertThat(failure).isInstanceOf(TimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(whole.minus(TIMERS));
        }
    }

    private void dial(ServerSocket server, Patience patience) throws Exception {
        Dialer dialer =
                new Dialer(RedisTls.OFF, new TlsFiles(RedisTls.OFF, WHOLE, scheduler), new HostNames(), scheduler);
        HostAndPort address = new HostAndPort(server.getInetAddress().getHostAddress(), server.getLocalPort());
        dialer.dial(new Dialer.Target(new RedisEndpoint.Node(address), null, 0, false), patience, 1024);
    }

    /** Returns a server that answers no attempt to connect, as a host that is off: its queue is full. */
    private ServerSocket deaf() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        boolean full = false;
        for (int i = 0; i < 16 && !full; i++) {
            SocketChannel channel = SocketChannel.open();
            filling.add(channel);
            channel.configureBlocking(false);
            full = !channel.connect(server.getLocalSocketAddress()) && !channel.finishConnect();
        }
        assumeThat(full).as("the system drops connects to a full queue").isTrue();
        return server;
    }
}
