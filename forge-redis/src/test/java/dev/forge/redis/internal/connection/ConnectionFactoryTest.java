package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.transport.Patience;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisEndpoint.Sentinels;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectionFactoryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int THREADS = 8;
    private static final int ATTEMPTS = 100;

    @Test
    void endsTheThreadsOfConnectionsThatAreLost() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            ConnectionFactory factory = new ConnectionFactory(RedisSettings.of(server.url()), new Scheduler());
            Connector connector = factory.to(new HostAndPort("127.0.0.1", server.port()));
            for (int i = 0; i < 3; i++) {
                connector
                        .connect(Patience.ofFirst(PATIENCE))
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .open(() -> {});
            }
            assertThat(factory.threads()).isEqualTo(6);

            server.command("CLIENT", "KILL", "TYPE", "normal");

            await().untilAsserted(() -> assertThat(factory.threads()).isZero());
        }
    }

    @Test
    void closesConnectionsThatNobodyHasTakenOver() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            ConnectionFactory factory = new ConnectionFactory(RedisSettings.of(server.url()), new Scheduler());
            factory.to(new HostAndPort("127.0.0.1", server.port()))
                    .connect(Patience.ofFirst(PATIENCE))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);

            factory.close(PATIENCE);

            assertThat(factory.threads()).isZero();
        }
    }

    @Test
    void reportsARefusedLoginEvenUnderConcurrency() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.builder().password("right").start()) {
            ConnectionFactory connectionFactory = new ConnectionFactory(
                    RedisSettings.builder(server.url())
                            .login(RedisLogin.of(null, "wrong"))
                            .build(),
                    new Scheduler());
            Connector connector = connectionFactory.to(new HostAndPort("127.0.0.1", server.port()));
            Queue<RedisFailure> failures = new ConcurrentLinkedQueue<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(new Thread(() -> {
                    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                        Throwable failure = catchThrowable(() -> connector
                                .connect(Patience.ofFirst(PATIENCE))
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
            connectionFactory.close(PATIENCE);
        }
    }

    @Test
    void leavesAPrimaryThatHangsOnceTheSentinelsNameAnother() throws Exception {
        Scheduler scheduler = new Scheduler();
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FakeSentinel sentinel = new FakeSentinel(hanging.getLocalPort())) {
            ConnectionFactory factory = new ConnectionFactory(RedisSettings.of("redis://localhost"), scheduler);
            CompletableFuture<PipelinedConnection> attempt = factory.toPrimary(sentinel.endpoint())
                    .connect(Patience.ofLater(Promises.PATIENCE.multipliedBy(2)))
                    .toCompletableFuture();
            try (Socket accepted = hanging.accept()) {
                assertThat(accepted.isConnected()).isTrue();

                sentinel.name(1);

                assertThat(attempt)
                        .failsWithin(Promises.PATIENCE)
                        .withThrowableOfType(ExecutionException.class)
                        .withMessageContaining(
                                "the sentinels name 127.0.0.1:1 in the place of 127.0.0.1:" + hanging.getLocalPort());
            }
            factory.close(PATIENCE);
        } finally {
            scheduler.close();
        }
    }

    @Test
    void doesNotLeaveAPrimaryBecauseFewSentinelsNameAnother() throws Exception {
        Scheduler scheduler = new Scheduler();
        try (FakeSentinel sentinel = new FakeSentinel(1)) {
            HostAndPort down = new HostAndPort("127.0.0.1", 1);
            Sentinels endpoint =
                    new Sentinels(List.of(sentinel.endpoint().sentinels().get(0), down, down), "primary");
            ConnectionFactory factory = new ConnectionFactory(RedisSettings.of("redis://localhost"), scheduler);

            assertThat(factory.agreedPrimary(endpoint))
                    .failsWithin(Promises.PATIENCE)
                    .withThrowableOfType(ExecutionException.class);

            factory.close(PATIENCE);
        } finally {
            scheduler.close();
        }
    }

    @Test
    void leavesTheSentinelsTheWholeTimeOfTheFirstAttempt() throws Exception {
        Scheduler scheduler = new Scheduler();
        try (EmbeddedRedis server = EmbeddedRedis.start();
                FakeSentinel sentinel = new FakeSentinel(server.port())) {
            ConnectionFactory factory = new ConnectionFactory(RedisSettings.of("redis://localhost"), scheduler);
            // As long as the first TLS handshake of a JVM on a busy machine.
            sentinel.delay(Duration.ofMillis(800));

            assertThat(factory.toPrimary(sentinel.endpoint()).connect(Patience.ofFirst(Promises.PATIENCE)))
                    .succeedsWithin(Promises.PATIENCE);

            factory.close(PATIENCE);
        } finally {
            scheduler.close();
        }
    }
}
