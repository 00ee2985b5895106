package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisEndpoint.HostAndPort;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboxClientTest {

    @Test
    void keepsNothingOfAConnectionThatIsGone() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            ClientFactory factory = new ClientFactory(RedisSettings.of(server.url()));
            OutboxClient client = factory.dialer().client();
            for (int i = 0; i < 3; i++) {
                Outbox outbox = new Outbox(server.url(), Commands::ping);
                client.connect(
                                factory.uri(new HostAndPort("127.0.0.1", server.port()), Duration.ofSeconds(5)),
                                outbox,
                                push -> {})
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
                outbox.open(() -> {});
            }
            assertThat(client.getResourceCount()).isEqualTo(3);

            server.command("CLIENT", "KILL", "TYPE", "normal");

            await().untilAsserted(() -> assertThat(client.getResourceCount()).isZero());
            client.shutdown(0, 2, TimeUnit.SECONDS);
            factory.resources().shutdown(0, 2, TimeUnit.SECONDS).get(5, TimeUnit.SECONDS);
        }
    }
}
