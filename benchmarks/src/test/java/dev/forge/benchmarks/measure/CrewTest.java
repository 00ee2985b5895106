package dev.forge.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class CrewTest {
    private static final int KIBIBYTES = 2_000;
    private static EmbeddedRedis server;

    @BeforeAll
    static void start() {
        server = EmbeddedRedis.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void countsOperationsAndAllocationsOfEveryThread() {
        Worker worker = (deadline, latencies) -> allocate();

        Tally tally = work(worker, worker);

        assertThat(tally.operations()).containsExactly((long) KIBIBYTES, (long) KIBIBYTES);
        assertThat(tally.metrics().get(Metric.ALLOCATED)).isBetween(1_024.0, 1_200.0);
    }

    @Test
    void countsTheReadsOfTheServer() {
        Worker worker = (deadline, latencies) -> {
            try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
                for (int i = 0; i < 1_000; i++) {
                    jedis.ping();
                }
            }
            return 1_000;
        };

        Tally tally = work(worker);

        // Jedis sends HELLO, and closes the connection.
        assertThat(tally.cost().serverReads()).isBetween(1_000L, 1_005L);
    }

    @Test
    void failsIfAThreadFails() {
        Worker worker = (deadline, latencies) -> {
            throw new IllegalArgumentException("wrong value");
        };

        assertThatThrownBy(() -> work(worker)).hasRootCauseMessage("wrong value");
    }

    // The arrays stay reachable until all are allocated, so that the compiler cannot remove them.
    private static long allocate() {
        byte[][] blocks = new byte[KIBIBYTES][];
        for (int i = 0; i < KIBIBYTES; i++) {
            blocks[i] = new byte[1_024 - 16];
        }
        return Arrays.stream(blocks).filter(block -> block.length > 0).count();
    }

    private static Tally work(Worker... workers) {
        try (ServerProbe probe = new ServerProbe(List.of(server))) {
            return Crew.work(List.of(workers), Thread::new, Duration.ofMillis(10), probe);
        }
    }
}
