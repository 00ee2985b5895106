package dev.forge.benchmarks;

import dev.forge.redis.RedisManager;
import dev.forge.redis.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One get of 100 bytes, blocking and in batches of 256, by Forge and by Lettuce alone, on one server. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else
public class GetBenchmark {

    private static final int BATCH = 256;

    private EmbeddedRedis server;
    private RedisManager forge;
    private RedisClient client;
    private StatefulRedisConnection<String, String> lettuce;

    /** Starts the server and connects. */
    @Setup
    public void connect() {
        server = EmbeddedRedis.start();
        forge = RedisManager.create(RedisSettings.of(server.url()));
        client = RedisClient.create(server.url());
        lettuce = client.connect();
        forge.setSync("key", "x".repeat(100));
    }

    /** Disconnects and stops the server. */
    @TearDown
    public void disconnect() {
        forge.close();
        lettuce.close();
        client.shutdown();
        server.close();
    }

    /** Forge, blocking. */
    @Benchmark
    public Optional<String> forgeSync() {
        return forge.getSync("key");
    }

    /** Lettuce, blocking. */
    @Benchmark
    public String lettuceSync() {
        return lettuce.sync().get("key");
    }

    /** Forge, a batch in flight. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<Object> forgeAsync() throws Exception {
        List<Future<?>> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            batch.add(forge.getAsync("key"));
        }
        return all(batch);
    }

    /** Lettuce, a batch in flight. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<Object> lettuceAsync() throws Exception {
        List<Future<?>> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            batch.add(lettuce.async().get("key"));
        }
        return all(batch);
    }

    private static List<Object> all(List<Future<?>> batch) throws Exception {
        List<Object> values = new ArrayList<>(BATCH);
        for (Future<?> future : batch) {
            values.add(future.get());
        }
        return values;
    }
}
