package dev.forge.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.ConnectionEvents;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** Makes clients with the settings that Forge differs in from the defaults of Lettuce. */
final class ClientFactory {

    private static final Duration KEEP_ALIVE_IDLE = Duration.ofSeconds(5);
    private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(1);
    private static final int KEEP_ALIVE_PROBES = 3;

    private final RedisSettings settings;
    private final ClientResources resources;
    private final RedisURI uri;

    ClientFactory(RedisSettings settings) {
        this.settings = settings;
        this.uri = uri(settings);
        // After the URI, which may be refused: these are threads.
        this.resources = DefaultClientResources.builder()
                .threadFactoryProvider(IoThread::factory)
                // Of the direct client; the command path has a pause of its own.
                .reconnectDelay(Delay.fullJitter(
                        Duration.ofMillis(RedisLink.FIRST_PAUSE_MILLIS),
                        Duration.ofMillis(RedisLink.LONGEST_PAUSE_MILLIS),
                        RedisLink.FIRST_PAUSE_MILLIS,
                        TimeUnit.MILLISECONDS))
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
    }

    ClientResources resources() {
        return resources;
    }

    RedisURI uri() {
        return uri;
    }

    /** Returns a client for Forge's own commands: it never sends one twice, because it never reconnects by itself. */
    RedisClient forCommands() {
        // Deadlines ends calls; the client would make a timer for each.
        return client(options().autoReconnect(false).timeoutOptions(TimeoutOptions.create()));
    }

    /** Returns a client for the user's own commands, whose connection object outlives a reconnect. */
    RedisClient forDirectUse() {
        return client(options().autoReconnect(true).timeoutOptions(TimeoutOptions.enabled(settings.socketTimeout())));
    }

    private RedisClient client(ClientOptions.Builder options) {
        RedisClient client = settings.endpoint() instanceof RedisEndpoint.Socket socket
                ? new SocketClient(resources, uri, socket.path())
                : RedisClient.create(resources, uri);
        client.setOptions(options.build());
        return client;
    }

    private ClientOptions.Builder options() {
        SocketOptions.Builder socket = SocketOptions.builder()
                .connectTimeout(settings.socketTimeout())
                .keepAlive(KeepAliveOptions.builder()
                        .enable()
                        .idle(KEEP_ALIVE_IDLE)
                        .interval(KEEP_ALIVE_INTERVAL)
                        .count(KEEP_ALIVE_PROBES)
                        .build());
        ClientOptions.Builder options = ClientOptions.builder()
                .protocolVersion(ProtocolVersion.RESP3)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(CommandPath.MOST_IN_FLIGHT)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(socket.build());
        if (settings.tls().enabled()) {
            SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider().protocols("TLSv1.3", "TLSv1.2");
            if (settings.tls().caFile() != null) {
                ssl.trustManager(settings.tls().caFile().toFile());
            }
            options.sslOptions(ssl.build());
        }
        return options;
    }

    private static RedisURI uri(RedisSettings settings) {
        RedisURI.Builder uri;
        if (settings.endpoint() instanceof RedisEndpoint.Node node) {
            uri = RedisURI.builder()
                    .withHost(node.address().host())
                    .withPort(node.address().port());
        } else if (settings.endpoint() instanceof RedisEndpoint.Socket) {
            // SocketClient connects to the path; the client wants a host all the same.
            uri = RedisURI.builder().withHost("localhost");
        } else {
            throw new UnsupportedOperationException("This version of Forge connects to one node: "
                    + "redis://, rediss:// or redis-socket://. Sentinel and cluster URLs are not supported yet: "
                    + settings.endpoint());
        }
        uri.withDatabase(settings.database())
                .withTimeout(settings.socketTimeout())
                .withSsl(settings.tls().enabled());
        if (settings.tls().enabled()) {
            uri.withVerifyPeer(settings.tls().verify());
        }
        RedisLogin login = settings.login();
        if (!login.isNone()) {
            // Asked at each connect, so that a rotated password is picked up.
            uri.withAuthentication(
                    RedisCredentialsProvider.from(() -> RedisCredentials.just(login.username(), login.password())));
        }
        return uri.build();
    }

    /**
     * Connects to a Unix domain socket by what the JDK offers since version 16; the client itself would need a native
     * transport for it.
     */
    private static final class SocketClient extends RedisClient {
        private final SocketAddress address;

        SocketClient(ClientResources resources, RedisURI uri, String path) {
            super(resources, uri);
            this.address = UnixDomainSocketAddress.of(path);
        }

        @Override
        protected void connectionBuilder(
                Mono<SocketAddress> ignored, ConnectionBuilder builder, ConnectionEvents events, RedisURI uri) {
            super.connectionBuilder(Mono.just(address), builder, events, uri);
            EventLoopGroup group = builder.bootstrap().config().group();
            builder.bootstrap(new Bootstrap()
                    .group(group)
                    .channel(NioDomainSocketChannel.class)
                    .option(
                            ChannelOption.CONNECT_TIMEOUT_MILLIS,
                            Math.toIntExact(getOptions()
                                    .getSocketOptions()
                                    .getConnectTimeout()
                                    .toMillis())));
        }
    }
}
