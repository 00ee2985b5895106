package dev.forge.redis.internal.transport;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens, checks and closes the channels of connections. */
final class Channels {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");

    // By name, because not every system has them.
    private static final Map<String, Integer> KEEP_ALIVE = Map.of(
            "TCP_KEEPIDLE", KeepAlive.IDLE_SECONDS,
            "TCP_KEEPINTERVAL", KeepAlive.INTERVAL_SECONDS,
            "TCP_KEEPCOUNT", KeepAlive.PROBES);

    private Channels() {}

    /** Returns an unconnected TCP channel that sends at once, and notices when the peer is gone. */
    @SuppressWarnings("unchecked") // the options of these names have this type
    static SocketChannel tcp() throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            for (SocketOption<?> option : channel.supportedOptions()) {
                Integer value = KEEP_ALIVE.get(option.name());
                if (value != null) {
                    channel.setOption((SocketOption<Integer>) option, value);
                }
            }
        } catch (IOException | RuntimeException e) {
            close(channel);
            throw e;
        }
        return channel;
    }

    /**
     * Returns whether nothing has arrived, not even the end; anything that has arrived is lost, and the channel can no
     * longer be used.
     */
    static boolean isQuiet(SocketChannel channel, ByteBuffer lost) {
        try {
            channel.configureBlocking(false);
            boolean quiet = channel.read(lost) == 0;
            channel.configureBlocking(true);
            return quiet;
        } catch (IOException e) {
            return false;
        }
    }

    static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A connection to Redis could not be closed properly", e);
        }
    }
}
