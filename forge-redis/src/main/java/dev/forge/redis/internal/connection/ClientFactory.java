package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.thread.IoThread;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes Lettuce clients with the settings in which Forge differs from the defaults of Lettuce. */
public final class ClientFactory {

    private static final Duration KEEP_ALIVE_IDLE = Duration.ofSeconds(5);
    private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofSeconds(1);
    private static final int KEEP_ALIVE_PROBES = 3;

    private final RedisSettings settings;
    private final ClientResources resources;
    private final Scheduler scheduler;
    private final TlsFiles tlsFiles;
    private final CredentialLookup credentials;
    private final PipelineInstaller installer = new PipelineInstaller();

    public ClientFactory(RedisSettings settings, Scheduler scheduler) {
        this(settings, scheduler, DefaultClientResources.builder());
    }

    /** @param builder may resolve host names in another way than the client does */
    ClientFactory(RedisSettings settings, Scheduler scheduler, DefaultClientResources.Builder builder) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.credentials = new CredentialLookup(settings.login(), settings.socketTimeout(), scheduler);
        this.tlsFiles = new TlsFiles(settings.tls(), scheduler.background());
        this.resources = builder.threadFactoryProvider(IoThread::factory)
                // For the direct client; Forge's own connections use ReconnectPause.
                .reconnectDelay(Delay.fullJitter(
                        Duration.ofMillis(ReconnectPause.FIRST_MILLIS),
                        Duration.ofMillis(ReconnectPause.LONGEST_MILLIS),
                        ReconnectPause.FIRST_MILLIS,
                        TimeUnit.MILLISECONDS))
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .nettyCustomizer(installer)
                .build();
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Returns the certificate and key files that TLS needs. */
    TlsFiles tlsFiles() {
        return tlsFiles;
    }

    public ClientResources resources() {
        return resources;
    }

    /** Returns a factory of connections for Forge's own commands. Without reconnects, the client sends none twice. */
    public ConnectionFactory connectionFactory() {
        // Forge's Deadlines time calls out; the client would start a timer for each.
        ClientOptions options = options()
                .autoReconnect(false)
                .timeoutOptions(TimeoutOptions.create())
                .build();
        return new ConnectionFactory(new LettuceConnector(resources, installer, settings.endpoint(), options), this);
    }

    /** Returns a client for the user's own commands to one node, whose connection object outlives a reconnect. */
    public RedisClient forDirectUse() {
        return new LettuceConnector(
                resources, installer, settings.endpoint(), directOptions().build());
    }

    /** Returns a client for the user's own commands to a cluster, which follows the primaries when they change. */
    public RedisClusterClient forDirectUseOfCluster() {
        RedisClusterClient client = RedisClusterClient.create(resources, directUris());
        client.setOptions(ClusterClientOptions.builder(directOptions().build())
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(Duration.ofSeconds(5))
                        .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
                        .refreshTriggersReconnectAttempts(1)
                        .build())
                .nodeFilter(node -> !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.EVENTUAL_FAIL))
                .build());
        return client;
    }

    private ClientOptions.Builder directOptions() {
        return options().autoReconnect(true).timeoutOptions(TimeoutOptions.enabled(settings.socketTimeout()));
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
                .requestQueueSize(PipelinedConnection.MOST_IN_FLIGHT)
                .socketOptions(socket.build());
        SupportedLettuce.disableMaintenanceNotifications(options);
        if (settings.tls().enabled()) {
            // The client calls this at each connect, so the files are read again.
            options.sslOptions(SslOptions.builder()
                    .jdkSslProvider()
                    .protocols("TLSv1.3", "TLSv1.2")
                    .sslContext(tlsFiles::applyTo)
                    .build());
        }
        return options;
    }

    /** Returns what the direct client connects to: one address, or several where there are sentinels or a cluster. */
    public List<RedisURI> directUris() {
        Duration timeout = settings.socketTimeout();
        if (settings.endpoint() instanceof RedisEndpoint.Sentinels sentinels) {
            RedisURI uri = loggingIn(uri(null, timeout));
            uri.setSentinelMasterId(sentinels.primary());
            sentinels.sentinels().forEach(sentinel -> uri.getSentinels().add(uri(sentinel, timeout)));
            return List.of(uri);
        }
        if (settings.endpoint() instanceof RedisEndpoint.Cluster cluster) {
            return cluster.seeds().stream()
                    .map(seed -> loggingIn(uri(seed, timeout)))
                    .toList();
        }
        HostAndPort address = settings.endpoint() instanceof RedisEndpoint.Node node ? node.address() : null;
        return List.of(loggingIn(uri(address, timeout)));
    }

    /** Makes the client look up the login at each connect, so that it picks up a rotated password. */
    private RedisURI loggingIn(RedisURI uri) {
        uri.setDatabase(settings.database());
        if (!settings.login().isNone()) {
            uri.setCredentialsProvider(immediately(credentials::latest));
        }
        return uri;
    }

    /** Returns the URI and current login for {@code address}, or for the Unix domain socket where that is null. */
    CompletionStage<RedisURI> uriWithLogin(@Nullable HostAndPort address, Duration timeout) {
        RedisURI uri = uri(address, timeout);
        uri.setDatabase(settings.database());
        if (settings.login().isNone()) {
            return CompletableFuture.completedFuture(uri);
        }
        // Looked up first, because the client blocks on the provider wherever it formats the URI.
        return credentials.ask().thenApply(answer -> {
            uri.setCredentialsProvider(immediately(() -> answer));
            return uri;
        });
    }

    /** Makes the client log in synchronously: otherwise it may open a connection that still refuses commands. */
    private static RedisCredentialsProvider immediately(ImmediateRedisCredentialsProvider credentials) {
        return credentials;
    }

    /** Returns the credentials of the direct client, which may connect once they have arrived. */
    public CompletableFuture<RedisCredentials> credentials() {
        return credentials.ask();
    }

    /** Returns the URI of {@code address}, or of the Unix domain socket where that is null, without a login. */
    RedisURI uri(@Nullable HostAndPort address, Duration timeout) {
        RedisURI.Builder uri = RedisURI.builder()
                // The client requires a host even where it connects to a Unix domain socket.
                .withHost(address == null ? "localhost" : address.host())
                .withPort(address == null ? RedisURI.DEFAULT_REDIS_PORT : address.port())
                .withTimeout(timeout)
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
