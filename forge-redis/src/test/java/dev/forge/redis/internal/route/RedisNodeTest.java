package dev.forge.redis.internal.route;

import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.connection.ThreadAffinity;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedisNodeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void opensConnectionsAfterAttemptsThatThrowOrNeverEnd() throws Exception {
        Scheduler scheduler = new Scheduler();
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            ConnectionFactory factory = new ConnectionFactory(RedisSettings.of(server.url()), scheduler);
            Connector real = factory.to(new HostAndPort("127.0.0.1", server.port()), "Redis");
            RedisNode node = new RedisNode(
                    "Redis", patience -> connect(real, patience), PATIENCE, 3, scheduler, () -> {}, new LongAdder());
            try {
                node.open().get(10, TimeUnit.SECONDS);

                await().pollInSameThread().atMost(Promises.PATIENCE).until(() -> {
                    crowd(server, node);
                    return attempts.get() > 3;
                });
            } finally {
                node.close();
                factory.close(PATIENCE);
            }
        } finally {
            scheduler.close();
        }
    }

    private CompletionStage<PipelinedConnection> connect(Connector real, Duration patience) {
        switch (attempts.incrementAndGet()) {
            case 2 -> throw new OutOfMemoryError("not really");
            case 3 -> {
                return new CompletableFuture<>();
            }
            default -> {}
        }
        return real.connect(patience);
    }

    /** Makes so many calls at once that another connection is opened; all of them must be answered. */
    private static void crowd(EmbeddedRedis server, RedisNode node) throws Exception {
        List<Call<?>> calls = new ArrayList<>();
        server.freeze();
        try {
            for (int i = 0; i < ThreadAffinity.BUSY; i++) {
                calls.add(HandshakeCommands.ping());
            }
            calls.forEach(node::dispatch);
            Call<?> last = HandshakeCommands.ping();
            calls.add(last);
            FutureTask<Void> another = new FutureTask<>(() -> node.dispatch(last), null);
            new Thread(another).start();
            another.get(10, TimeUnit.SECONDS);
        } finally {
            server.thaw();
        }
        for (Call<?> call : calls) {
            call.get(10, TimeUnit.SECONDS);
        }
    }
}
