package dev.forge.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import dev.forge.redis.test.FaultProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clusters whose nodes are slow to answer questions about the topology. */
class SlowClusterTest {

    private static EmbeddedRedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = EmbeddedRedisCluster.builder().primaries(3).replicas(0).start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void findsTheNodesDespiteASlowAnswer() {
        try (FaultProxy proxy = FaultProxy.to(cluster.nodes().get(0).port());
                RedisManager redis = manager(proxy.port(), Duration.ofSeconds(20))) {
            proxy.latency(Duration.ofMillis(350));

            redis.initializeSync();

            redis.setSync("a", "1");
            assertThat(redis.getSync("a")).contains("1");
        }
    }

    @Test
    void aPrimaryThatDoesNotAnswerDelaysItsOwnKeysOnly() {
        try (EmbeddedRedisCluster behindProxies = EmbeddedRedisCluster.builder()
                .primaries(3)
                .replicas(0)
                .behindProxies()
                .start()) {
            behindProxies.awaitReady(Duration.ofSeconds(40));
            EmbeddedRedis healthy = behindProxies.primaryOf("key");
            EmbeddedRedis silent = behindProxies.primaries().stream()
                    .filter(primary -> primary != healthy)
                    .findFirst()
                    .orElseThrow();
            behindProxies.proxyOf(silent).stall();

            try (RedisManager redis = manager(behindProxies.proxyOf(healthy).port(), Duration.ofSeconds(20))) {
                assertThat(redis.setAsync("key", "value")).succeedsWithin(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void endsByItsDeadlineAndConnectsOnceANodeHasAnswered() throws IOException {
        Duration limit = Duration.ofMillis(800);
        try (Reticent node = new Reticent(cluster.nodes().get(0).port());
                RedisManager redis = manager(node.port(), limit)) {
            long start = System.nanoTime();

            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(redis::initializeSync)
                    .withMessageContaining("no node of cluster [127.0.0.1:" + node.port() + "] has answered in 800 ms");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(limit, limit.plusSeconds(4));
            assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> redis.getSync("a"));

            node.answer();
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> redis.getSync("none").isEmpty());
            redis.initializeSync();
        }
    }

    private static RedisManager manager(int port, Duration limit) {
        return RedisManager.create(RedisSettings.builder("redis-cluster://127.0.0.1:" + port)
                .socketTimeout(limit)
                .build());
    }

    /** A node that answers questions about the cluster later than clients wait, until that is switched off. */
    private static final class Reticent implements AutoCloseable {
        // Soon enough for a monitored connection to stay open.
        private static final long SLOW_MILLIS = 1_100;

        private static final String HELLO = String.join(
                "\r\n",
                "%7",
                "+server",
                "+redis",
                "+version",
                "+7.0.0",
                "+proto",
                ":3",
                "+id",
                ":1",
                "+mode",
                "+cluster",
                "+role",
                "+master",
                "+modules",
                "*0",
                "");

        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final CountDownLatch answering = new CountDownLatch(1);
        private final int real;

        /** @param real the port of the node that, by its answer, serves every slot */
        Reticent(int real) throws IOException {
            this.real = real;
            start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        void answer() {
            answering.countDown();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    start(() -> serve(client));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void serve(Socket client) {
            try (client) {
                BufferedReader input = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
                for (String line = input.readLine(); line != null; line = input.readLine()) {
                    String[] arguments = new String[Integer.parseInt(line.substring(1))];
                    for (int i = 0; i < arguments.length; i++) {
                        input.readLine();
                        arguments[i] = input.readLine();
                    }
                    String answer = answer(arguments);
                    client.getOutputStream().write(answer.getBytes(US_ASCII));
                }
            } catch (IOException e) {
                // The client has disconnected.
            }
        }

        private String answer(String... arguments) {
            return switch (arguments[0]) {
                case "HELLO" -> HELLO;
                case "PING" -> arguments.length == 1 ? "+PONG\r\n" : bulk(arguments[1]);
                case "CLUSTER" -> {
                    if (arguments[1].equals("SLOTS")) {
                        hesitate();
                        yield "*0\r\n";
                    }
                    yield bulk("aa 127.0.0.1:" + real + "@1 master - 0 0 1 connected 0-16383\n");
                }
                default -> "-ERR not here\r\n";
            };
        }

        private void hesitate() {
            try {
                boolean ignored = answering.await(SLOW_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static String bulk(String text) {
            return "$" + text.length() + "\r\n" + text + "\r\n";
        }

        private static void start(Runnable task) {
            Thread thread = new Thread(task, "reticent");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
