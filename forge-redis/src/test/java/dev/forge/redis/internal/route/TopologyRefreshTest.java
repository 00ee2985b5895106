package dev.forge.redis.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster of twelve nodes, all of which are one server. */
class TopologyRefreshTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final Scheduler scheduler = new Scheduler();
    private final ConnectionFactory factory = new ConnectionFactory(RedisSettings.of(SERVER.url()), scheduler);
    private final List<RedisNode> nodes = new ArrayList<>();
    private final List<RedisNode> asked = new ArrayList<>();

    @BeforeEach
    void connect() {
        for (int i = 0; i < 12; i++) {
            RedisNode node = new RedisNode(
                    "10.0.0." + i + ":6379",
                    factory.to(new HostAndPort("127.0.0.1", SERVER.server().port())),
                    Promises.PATIENCE,
                    0,
                    scheduler,
                    () -> {},
                    new LongAdder());
            assertThat(node.open()).succeedsWithin(Promises.PATIENCE);
            nodes.add(node);
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        nodes.forEach(RedisNode::close);
        factory.close(Duration.ofSeconds(2));
        scheduler.close();
    }

    @Test
    void asksEveryPrimarySoonerOrLater() {
        TopologyRefresh refresh = refresh(nodes);

        await().atMost(Promises.PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            refresh.request();
            return Set.copyOf(asked).size() == nodes.size();
        });
    }

    @Test
    void asksTwoPrimariesAmongFiveNodes() {
        List<RedisNode> primaries = nodes.subList(0, 3);
        TopologyRefresh refresh = refresh(primaries);

        List<Set<RedisNode>> questions = new ArrayList<>();
        await().atMost(Promises.PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            asked.clear();
            refresh.request();
            if (!asked.isEmpty()) {
                questions.add(new HashSet<>(asked));
            }
            return questions.size() == 10;
        });

        assertThat(questions).allSatisfy(question -> {
            assertThat(question).hasSize(5);
            assertThat(question).filteredOn(primaries::contains).hasSizeGreaterThanOrEqualTo(2);
        });
    }

    private TopologyRefresh refresh(List<RedisNode> primaries) {
        return new TopologyRefresh(
                () -> primaries,
                () -> nodes,
                node -> {
                    asked.add(node);
                    return CompletableFuture.completedFuture(
                            new ClusterView.Answer(HostAndPort.parse(node.address()), "", Map.of()));
                },
                (answers, number) -> {},
                failure -> {},
                scheduler);
    }
}
