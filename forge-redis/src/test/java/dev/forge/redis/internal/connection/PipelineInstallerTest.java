package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisSettings;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineInstallerTest {

    private final IllegalStateException refused = new IllegalStateException("refused");
    private final IllegalStateException nothingThere = new IllegalStateException("there is no handshake");
    private final ClientFactory factory = new ClientFactory(RedisSettings.of("redis://127.0.0.1"), new Scheduler());
    private final ClientOptions options = ClientOptions.create();
    private final DefaultEndpoint endpoint = new DefaultEndpoint(options, factory.resources());
    private final PipelineInstaller installer = new PipelineInstaller();

    @AfterEach
    void shutDown() throws Exception {
        factory.resources().shutdown(0, 1, TimeUnit.SECONDS).await();
    }

    @Test
    void reportsALoginFailureThatTheClientMisses() throws Exception {
        installer.expect(endpoint, new PipelinedConnection("nowhere", HandshakeCommands::ping), Duration.ofSeconds(1));
        assertThat(installer.reason(endpoint, nothingThere)).isSameAs(nothingThere);

        connect(CompletableFuture.failedFuture(refused));

        assertThat(installer.reason(endpoint, nothingThere)).isSameAs(refused);
    }

    @Test
    void reportsTheFailureOfTheClientWhenTheLoginSucceeded() throws Exception {
        installer.expect(endpoint, new PipelinedConnection("nowhere", HandshakeCommands::ping), Duration.ofSeconds(1));

        connect(CompletableFuture.completedFuture(null));

        assertThat(installer.reason(endpoint, nothingThere)).isSameAs(nothingThere);
    }

    /** Makes a connection, which closes at once if the login fails. */
    private void connect(CompletableFuture<Void> login) throws Exception {
        EmbeddedChannel channel = new EmbeddedChannel(false, false);
        channel.pipeline()
                .addLast(new RedisHandshakeHandler(any -> login, factory.resources(), Duration.ofSeconds(5)))
                .addLast(new CommandHandler(options, factory.resources(), endpoint));
        installer.afterChannelInitialized(channel);
        channel.register();
        channel.close();
    }
}
