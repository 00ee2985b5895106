package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LettuceConnectorTest {

    private static final int THREADS = 8;
    private static final int ATTEMPTS = 100;

    @Test
    void releasesConnectionsThatAreLost() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            ClientFactory factory = new ClientFactory(RedisSettings.of(server.url()), new Scheduler());
            LettuceConnector client = factory.connectionFactory().client();
            for (int i = 0; i < 3; i++) {
                PipelinedConnection pipeline = new PipelinedConnection(server.url(), HandshakeCommands::ping);
                client.connect(
                                factory.uri(new HostAndPort("127.0.0.1", server.port()), Duration.ofSeconds(5)),
                                () -> pipeline,
                                push -> {})
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
                pipeline.open(() -> {});
            }
            assertThat(client.getResourceCount()).isEqualTo(3);

            server.command("CLIENT", "KILL", "TYPE", "normal");

            await().untilAsserted(() -> assertThat(client.getResourceCount()).isZero());
            client.shutdown(0, 2, TimeUnit.SECONDS);
            factory.resources().shutdown(0, 2, TimeUnit.SECONDS).get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void reportsARefusedLoginEvenUnderConcurrency() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.builder().password("right").start()) {
            ClientFactory factory = new ClientFactory(
                    RedisSettings.builder(server.url())
                            .login(RedisLogin.of(null, "wrong"))
                            .build(),
                    new Scheduler());
            ConnectionFactory connectionFactory = factory.connectionFactory();
            Connector connector = connectionFactory.to(new HostAndPort("127.0.0.1", server.port()), "Redis");
            Queue<RedisFailure> failures = new ConcurrentLinkedQueue<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(new Thread(() -> {
                    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                        Throwable failure = catchThrowable(() -> connector
                                .connect(Duration.ofSeconds(5))
                                .toCompletableFuture()
                                .join());
                        failures.add(Failures.connecting("Redis", Futures.unwrapped(failure)));
                    }
                }));
            }
            threads.forEach(Thread::start);
            threads.forEach(Promises::join);

            assertThat(failures)
                    .hasSize(THREADS * ATTEMPTS)
                    .allSatisfy(failure -> assertThat(failure).isInstanceOf(RedisRefusedException.class));
            connectionFactory.client().shutdown(0, 2, TimeUnit.SECONDS);
            factory.resources().shutdown(0, 2, TimeUnit.SECONDS).get(5, TimeUnit.SECONDS);
        }
    }
}
