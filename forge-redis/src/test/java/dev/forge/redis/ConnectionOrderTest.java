package dev.forge.redis;

import static dev.forge.redis.internal.protocol.RespWriter.argument;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.Reply;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.transport.Patience;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands of a thread keep their order while connections of the node are opened and closed. */
class ConnectionOrderTest {

    private static final Duration PATIENCE = Promises.PATIENCE;
    private static final int ROUNDS = 5_000;
    private static final Duration SLOW = Duration.ofMillis(300);

    private EmbeddedRedis server;
    private FaultProxy firstWay;
    private final Scheduler scheduler = new Scheduler();
    private ConnectionFactory connections;
    private RedisNode node;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start();
        firstWay = FaultProxy.to(server.port());
        connections = new ConnectionFactory(RedisSettings.of(server.url()), scheduler);
        node = new RedisNode("Redis", connector(), PATIENCE, 0, scheduler, () -> {}, new LongAdder());
        assertThat(node.open()).succeedsWithin(PATIENCE);
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
        scheduler.close();
        connections.close(PATIENCE);
        firstWay.close();
        server.close();
    }

    @Test
    void keepsTheOrderOfAThreadThatDoesNotWaitAndThenWaits() {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            Promises.warmUp(redis);
            for (int i = 0; i < ROUNDS; i++) {
                CompletableFuture<Void> earlier = redis.setAsync("key", String.valueOf(i));
                // Alone, this call would take a direct connection, and overtake the one before.
                assertThat(redis.getSync("key")).contains(String.valueOf(i));
                assertThat(earlier).isCompleted();
            }
        }
    }

    @Test
    void keepsTheOrderOfAThreadWhenTheConnectionsAreReplaced() {
        firstWay.latency(FaultProxy.Direction.REQUESTS, SLOW);
        Call<Void> earlier = set("1");
        node.dispatch(earlier);
        Call<Long> referred = HandshakeCommands.apart(Command.UNLINK, new Reply.Count(), argument("other"));

        node.dispatchOnNewConnection(referred, requireNonNull(earlier.connection));
        assertThat(referred).succeedsWithin(PATIENCE);
        Call<Void> later = set("2");
        node.dispatch(later);

        assertThat(earlier).succeedsWithin(PATIENCE);
        assertThat(later).succeedsWithin(PATIENCE);
        assertThat(server.command("GET", "key")).isEqualTo("2");
        await().atMost(PATIENCE).until(() -> firstWay.connections() == 0 && node.load() == 0);
        Call<Void> last = set("3");
        node.dispatch(last);
        assertThat(last).succeedsWithin(PATIENCE);
    }

    @Test
    void doesNotBlockTheThreadThatSendsACallLater() {
        CompletableFuture<PipelinedConnection> connecting = new CompletableFuture<>();
        RedisNode unconnected =
                new RedisNode("Redis", patience -> connecting, PATIENCE, 5, scheduler, () -> {}, new LongAdder());
        Call<Void> call = set("1");
        call.mayGoDirectly = true;

        unconnected.dispatch(call);

        assertThat(call.mayGoDirectly).isFalse();
        unconnected.close();
    }

    /** Connects through one proxy first, and then directly. */
    private Connector connector() {
        AtomicInteger made = new AtomicInteger();
        return patience -> connect(made.getAndIncrement() == 0 ? firstWay.port() : server.port(), patience);
    }

    private CompletionStage<PipelinedConnection> connect(int port, Patience patience) {
        return connections.to(new HostAndPort("127.0.0.1", port)).connect(patience);
    }

    private static Call<Void> set(String value) {
        return HandshakeCommands.apart(Command.SET, new Reply.Done(), argument("key"), argument(value));
    }
}
