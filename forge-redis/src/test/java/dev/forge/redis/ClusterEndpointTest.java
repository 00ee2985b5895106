package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forge.redis.internal.command.CommandDispatcher;
import dev.forge.redis.internal.command.Commands;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.observe.ObserverSlot;
import dev.forge.redis.internal.protocol.SizeLimit;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.route.RouterFactory;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clusters that prefer host names, or no host at all; servers before version 7 cannot, and are skipped. */
class ClusterEndpointTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static EmbeddedRedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = EmbeddedRedisCluster.builder().primaries(3).replicas(0).start();
        assumeTrue(
                Integer.parseInt(cluster.nodes().get(0).version().split("\\.", 2)[0]) >= 7,
                "the server knows no cluster-announce-hostname");
        for (EmbeddedRedis node : cluster.nodes()) {
            node.command("CONFIG", "SET", "cluster-announce-hostname", "localhost");
        }
        await().atMost(LIMIT)
                .until(() -> cluster.nodes().stream()
                        .allMatch(node -> node.command("CLUSTER", "NODES").split(",localhost", -1).length == 4));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"ip, 127.0.0.1", "hostname, localhost", "unknown-endpoint, 127.0.0.1"})
    void connectsByThePreferredEndpoint(String preferred, String host) throws Exception {
        prefer(preferred);
        RedisSettings settings = settings();
        Scheduler scheduler = new Scheduler();
        ConnectionFactory connectionFactory = new ConnectionFactory(settings, scheduler);
        RouterFactory routers = new RouterFactory(settings, connectionFactory, scheduler, new LongAdder());
        CommandDispatcher path = new CommandDispatcher(
                same -> routers.router(node -> Commands.clusterView(same, node)),
                LIMIT,
                new SizeLimit(settings.maxValueBytes()),
                "cluster",
                scheduler,
                new ObserverSlot());
        try {
            path.router().open().join();

            assertThat(path.router().primaries())
                    .extracting(RedisNode::address)
                    .hasSize(3)
                    .allMatch(address -> address.startsWith(host + ":"));
        } finally {
            path.router().close();
            connectionFactory.close(LIMIT);
            scheduler.close();
            path.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"ip", "hostname", "unknown-endpoint"})
    void losesNoCallWhileSlotsMove(String preferred) {
        prefer(preferred);
        String key = "{moving}";
        int slot = EmbeddedRedisCluster.slotOf(key);
        AtomicBoolean moving = new AtomicBoolean(true);
        try (RedisManager redis = manager()) {
            redis.initializeSync();
            CompletableFuture<Void> moves = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 12; i++) {
                    cluster.moveSlot(slot, cluster.nodes().get(i % 3));
                }
                moving.set(false);
            });
            List<CompletableFuture<Void>> calls = new ArrayList<>();
            List<Throwable> failures = new ArrayList<>();
            for (int i = 0; moving.get() && !moves.isDone(); i++) {
                calls.add(redis.setAsync(key + i % 100, "1", Duration.ofMinutes(1)));
                if (calls.size() == 64) {
                    failures.addAll(failuresOf(calls));
                    calls.clear();
                }
            }
            moves.join();
            failures.addAll(failuresOf(calls));

            assertThat(failures).isEmpty();
        }
    }

    private static List<Throwable> failuresOf(List<CompletableFuture<Void>> calls) {
        List<Throwable> failures = new ArrayList<>();
        for (CompletableFuture<Void> call : calls) {
            try {
                call.join();
            } catch (CompletionException e) {
                failures.add(e.getCause());
            }
        }
        return failures;
    }

    private static void prefer(String endpoint) {
        cluster.nodes().forEach(node -> node.command("CONFIG", "SET", "cluster-preferred-endpoint-type", endpoint));
    }

    private static RedisManager manager() {
        return RedisManager.create(settings());
    }

    private static RedisSettings settings() {
        return RedisSettings.builder(cluster.url()).socketTimeout(LIMIT).build();
    }
}
