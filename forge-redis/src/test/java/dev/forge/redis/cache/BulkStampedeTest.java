package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.Promises;
import dev.forge.redis.TestJvm;
import dev.forge.redis.test.EmbeddedRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Four threads in each process look up the same thousand keys, each in its own order. Prints how long a round takes.
 * {@code -Dforge.promises=long} runs 50 rounds, {@code -Dforge.promises.seed} repeats the orders of a run.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("slow")
class BulkStampedeTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void loadsEachKeyOnceInAnyOrder(int processes) {
        long seed = Long.getLong("forge.promises.seed", System.nanoTime());
        int rounds = Promises.count(5, 50);
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            List<CompletableFuture<String>> outputs = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                Path own = folder.resolve("process-" + i);
                outputs.add(CompletableFuture.supplyAsync(
                        () -> TestJvm.run(
                                BulkProcess.class,
                                own,
                                240,
                                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                                server.url(),
                                "" + processes,
                                "" + rounds,
                                "" + seed),
                        threads));
            }

            outputs.forEach(output -> System.out.print(output.join()));

            // A machine that pauses for longer than the TTL of a lease loses some leases; their values are refused.
            long once = (long) rounds * BulkProcess.KEYS;
            long lost = Long.parseLong(server.command("GET", BulkProcess.LOST));
            assertThat(Long.parseLong(server.command("GET", BulkProcess.LOADS)))
                    .as("seed %d, lost %d", seed, lost)
                    .isBetween(once, once + lost);
        } finally {
            threads.shutdown();
        }
    }
}
