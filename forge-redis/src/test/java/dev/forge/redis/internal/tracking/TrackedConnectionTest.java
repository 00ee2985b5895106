package dev.forge.redis.internal.tracking;

import static org.awaitility.Awaitility.await;

import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.connection.PipelinedConnectionTest;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.transport.Patience;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TrackedConnectionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Test
    void closesWhenItsRepliesGoToTheWrongCalls() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            ConnectionFactory factory = new ConnectionFactory(RedisSettings.of(server.url()), new Scheduler());
            AtomicBoolean lost = new AtomicBoolean();
            TrackedConnection connection = new TrackedConnection(
                    PATIENCE, HandshakeCommands::isPrimary, new ChangeListeners(""), gone -> lost.set(true));
            PipelinedConnection pipeline = factory.to(
                            new RedisEndpoint.Node(new HostAndPort("127.0.0.1", server.port())), connection)
                    .connect(Patience.ofFirst(PATIENCE))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            connection.begin(pipeline).toCompletableFuture().get(10, TimeUnit.SECONDS);

            pipeline.urge(PipelinedConnectionTest.unanswered());
            // Every beat asks the same question, so it accepts the reply to the next one.
            await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(() -> {
                connection.beat();
                connection.look();
                return lost.get();
            });

            factory.close(PATIENCE);
        }
    }
}
