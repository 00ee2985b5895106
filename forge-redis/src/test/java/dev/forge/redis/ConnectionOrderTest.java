package dev.forge.redis;

import static dev.forge.redis.internal.protocol.RespWriter.argument;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.connection.ThreadAffinity;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands of a thread keep their order while connections of the node are opened and closed. */
class ConnectionOrderTest {

    private static final Duration PATIENCE = Promises.PATIENCE;
    private static final Duration SLOW = Duration.ofMillis(300);

    private EmbeddedRedis server;
    private FaultProxy firstWay;
    private FaultProxy secondWay;
    private final Scheduler scheduler = new Scheduler();
    private ConnectionFactory connections;
    private RedisNode node;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start();
        firstWay = FaultProxy.to(server.port());
        secondWay = FaultProxy.to(server.port());
        connections = new ConnectionFactory(RedisSettings.of(server.url()), scheduler);
        node = new RedisNode("Redis", connector(), PATIENCE, 2, scheduler, () -> {}, new LongAdder());
        assertThat(node.open()).succeedsWithin(PATIENCE);
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
        scheduler.close();
        connections.close(PATIENCE);
        secondWay.close();
        firstWay.close();
        server.close();
    }

    @Test
    void keepsTheOrderOfAThreadWhenAnotherConnectionReconnects() {
        openASecondConnection();
        secondWay.latency(FaultProxy.Direction.REQUESTS, SLOW);
        Call<Void> earlier = set("1");
        node.dispatch(earlier);

        firstWay.reset();
        await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> !node.isUp());
        await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(node::isUp);
        Call<Void> later = set("2");
        node.dispatch(later);

        assertThat(earlier).succeedsWithin(PATIENCE);
        assertThat(later).succeedsWithin(PATIENCE);
        assertThat(server.command("GET", "key")).isEqualTo("2");
    }

    @Test
    void keepsTheOrderOfAThreadWhenTheConnectionsAreReplaced() {
        openASecondConnection();
        secondWay.latency(FaultProxy.Direction.REQUESTS, SLOW);
        Call<Void> earlier = set("1");
        node.dispatch(earlier);
        Call<Long> referred =
                HandshakeCommands.apart(Command.UNLINK, new Reply.Count(), argument("UNLINK"), argument("other"));

        node.dispatchOnNewConnection(referred, requireNonNull(earlier.connection));
        assertThat(referred).succeedsWithin(PATIENCE);
        Call<Void> later = set("2");
        node.dispatch(later);

        assertThat(earlier).succeedsWithin(PATIENCE);
        assertThat(later).succeedsWithin(PATIENCE);
        assertThat(server.command("GET", "key")).isEqualTo("2");
        await().atMost(PATIENCE).until(() -> secondWay.connections() == 0 && node.load() == 0);
        Call<Void> last = set("3");
        node.dispatch(last);
        assertThat(last).succeedsWithin(PATIENCE);
    }

    /** Creates enough load on other threads to open another connection, which the next new thread then uses. */
    private void openASecondConnection() {
        firstWay.stall(FaultProxy.Direction.REQUESTS);
        onAnotherThread(() -> {
            for (int i = 0; i < ThreadAffinity.BUSY; i++) {
                node.dispatch(HandshakeCommands.apart(
                        Command.GET, new Reply.Value<>(Reply::text), argument("GET"), argument("x")));
            }
        });
        await().atMost(PATIENCE).until(() -> {
            Call<Void> call = set("0");
            onAnotherThread(() -> node.dispatch(call));
            return ((PipelinedConnection) requireNonNull(call.connection)).number() == 2;
        });
        await().atMost(PATIENCE).until(() -> server.command("GET", "key").equals("0"));
    }

    private static void onAnotherThread(Runnable task) {
        CompletableFuture.runAsync(task, command -> new Thread(command).start()).join();
    }

    /** Connects through one proxy first, then through another, and then directly. */
    private Connector connector() {
        List<Integer> ports = List.of(firstWay.port(), secondWay.port(), server.port());
        AtomicInteger made = new AtomicInteger();
        return patience -> connect(ports.get(Math.min(made.getAndIncrement(), 2)), patience);
    }

    private CompletionStage<PipelinedConnection> connect(int port, Duration patience) {
        return connections.to(new HostAndPort("127.0.0.1", port), "Redis").connect(patience);
    }

    private static Call<Void> set(String value) {
        return HandshakeCommands.apart(
                Command.SET, new Reply.Done(), argument("SET"), argument("key"), argument(value));
    }
}
