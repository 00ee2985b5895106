package dev.forge.redis.internal.lettuce;

import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.connection.ReconnectPause;
import dev.forge.redis.internal.thread.IoThread;
import dev.forge.redis.internal.transport.Credentials;
import dev.forge.redis.internal.transport.KeepAlive;
import dev.forge.redis.internal.transport.TlsFiles;
import dev.forge.redis.internal.transport.TlsTerms;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the Lettuce clients for a user's own commands, with the settings in which Forge differs from its defaults. */
final class LettuceClients {

    private final RedisSettings settings;
    private final ConnectionFactory connectionFactory;
    private final ClientResources resources;

    LettuceClients(RedisSettings settings, ConnectionFactory connectionFactory) {
        this.settings = settings;
        this.connectionFactory = connectionFactory;
        this.resources = DefaultClientResources.builder()
                .threadFactoryProvider(IoThread::factory)
                .reconnectDelay(Delay.fullJitter(
                        Duration.ofMillis(ReconnectPause.FIRST_MILLIS),
                        Duration.ofMillis(ReconnectPause.LONGEST_MILLIS),
                        ReconnectPause.FIRST_MILLIS,
                        TimeUnit.MILLISECONDS))
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .nettyCustomizer(new ServerName())
                .build();
    }

    /** Ends the threads of the clients; the result completes when they have. */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> terminated = new CompletableFuture<>();
        resources.shutdown(0, 1, TimeUnit.SECONDS).addListener(future -> terminated.complete(null));
        return terminated;
    }

    /** Returns a client for one node, whose connection object outlives a reconnect. */
    RedisClient forNode() {
        return new NodeClient(resources, settings.endpoint(), options().build());
    }

    /** Returns a client for a cluster, which follows the primaries when they change. */
    RedisClusterClient forCluster() {
        RedisClusterClient client = RedisClusterClient.create(resources, uris());
        client.setOptions(ClusterClientOptions.builder(options().build())
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(Duration.ofSeconds(5))
                        .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
                        .refreshTriggersReconnectAttempts(1)
                        .build())
                .nodeFilter(node -> !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.EVENTUAL_FAIL))
                .build());
        return client;
    }

    private ClientOptions.Builder options() {
        SocketOptions.Builder socket = SocketOptions.builder()
                .connectTimeout(settings.socketTimeout())
                .keepAlive(KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(KeepAlive.IDLE_SECONDS))
                        .interval(Duration.ofSeconds(KeepAlive.INTERVAL_SECONDS))
                        .count(KeepAlive.PROBES)
                        .build());
        ClientOptions.Builder options = ClientOptions.builder()
                .autoReconnect(true)
                .timeoutOptions(TimeoutOptions.enabled(settings.socketTimeout()))
                .protocolVersion(ProtocolVersion.RESP3)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(PipelinedConnection.MOST_IN_FLIGHT)
                .socketOptions(socket.build());
        SupportedLettuce.disableMaintenanceNotifications(options);
        if (settings.tls().enabled()) {
            // The client calls this at each connect, so the files are read again.
            options.sslOptions(SslOptions.builder()
                    .jdkSslProvider()
                    .protocols("TLSv1.3", "TLSv1.2")
                    .sslContext(builder -> apply(connectionFactory.tlsFiles(), builder))
                    .build());
        }
        return options;
    }

    private static void apply(TlsFiles files, SslContextBuilder builder) {
        try {
            TlsTerms terms = files.terms();
            if (terms.trust() != null) {
                builder.trustManager(terms.trust());
            }
            if (terms.keys() != null) {
                builder.keyManager(terms.keys());
            }
            if (!terms.ciphers().isEmpty()) {
                builder.ciphers(terms.ciphers());
            }
            builder.protocols(terms.protocols());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what to connect to: one address, or several where there are sentinels or a cluster. */
    List<RedisURI> uris() {
        if (settings.endpoint() instanceof RedisEndpoint.Sentinels sentinels) {
            RedisURI uri = loggingIn(uri(null));
            uri.setSentinelMasterId(sentinels.primary());
            sentinels.sentinels().forEach(sentinel -> uri.getSentinels().add(uri(sentinel)));
            return List.of(uri);
        }
        if (settings.endpoint() instanceof RedisEndpoint.Cluster cluster) {
            return cluster.seeds().stream().map(seed -> loggingIn(uri(seed))).toList();
        }
        return List.of(loggingIn(uri(settings.endpoint() instanceof RedisEndpoint.Node node ? node.address() : null)));
    }

    private RedisURI loggingIn(RedisURI uri) {
        uri.setDatabase(settings.database());
        if (!settings.login().isNone()) {
            // At once: otherwise the client may open a connection that still refuses commands.
            ImmediateRedisCredentialsProvider latest =
                    () -> credentials(connectionFactory.credentials().latest());
            uri.setCredentialsProvider(latest);
        }
        return uri;
    }

    private static RedisCredentials credentials(Credentials known) {
        return RedisCredentials.just(known.username(), known.password());
    }

    private RedisURI uri(@Nullable HostAndPort address) {
        RedisURI.Builder uri = RedisURI.builder()
                // The client requires a host even where it connects to a Unix domain socket.
                .withHost(address == null ? "localhost" : address.host())
                .withPort(address == null ? RedisURI.DEFAULT_REDIS_PORT : address.port())
                .withTimeout(settings.socketTimeout())
                .withSsl(settings.tls().enabled());
        if (settings.tls().enabled()) {
            uri.withVerifyPeer(settings.tls().verify());
        }
        RedisURI made = uri.build();
        // Empty, or the client would send CLIENT SETINFO, which not every server knows and our ACL rules do not allow.
        made.setLibraryName("");
        made.setLibraryVersion("");
        return made;
    }
}
