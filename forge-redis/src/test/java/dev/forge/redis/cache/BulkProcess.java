package dev.forge.redis.cache;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** One of several processes, in which several threads look up the same thousand keys at once, each in its own order. */
final class BulkProcess {

    static final String READY = "bulk:ready";
    static final String GO = "bulk:go";
    static final String LOADS = "bulk:loads";
    static final String LOST = "bulk:lost";
    static final int THREADS = 4;
    static final int KEYS = 1_000;
    static final Duration LOAD = Duration.ofMillis(50);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cache<String> cache;
    private final RedisClusterCommands<String, String> direct;
    private final AtomicLong loaded = new AtomicLong();

    private BulkProcess(RedisManager redis) {
        this.cache = Cache.builder(redis, "bulk", String.class).build();
        this.direct = redis.getSyncClient();
    }

    /**
     * Takes part in the rounds, and prints how long the rounds took.
     *
     * @param arguments the URL of the server, the number of processes, the number of rounds, and the seed
     */
    public static void main(String[] arguments) throws Exception {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(arguments[0]))) {
            new BulkProcess(redis)
                    .run(
                            Integer.parseInt(arguments[1]),
                            Integer.parseInt(arguments[2]),
                            Long.parseLong(arguments[3])
                                    + ProcessHandle.current().pid());
        }
    }

    private void run(int processes, int rounds, long seed) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Long> all = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            meet(round, processes);
            long begin = System.nanoTime();
            CyclicBarrier together = new CyclicBarrier(THREADS);
            List<Future<Integer>> found = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                List<String> keys = keys(round);
                Collections.shuffle(keys, new Random(seed + (long) round * THREADS + i));
                found.add(threads.submit(() -> {
                    together.await();
                    return cache.getAll(keys, this::load).size();
                }));
            }
            for (Future<Integer> one : found) {
                if (one.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) != KEYS) {
                    throw new IllegalStateException("values are missing");
                }
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            all.add(millis);
        }
        threads.shutdown();
        direct.incrby(LOADS, loaded.get());
        direct.incrby(LOST, cache.stats().rejectedStores() + cache.stats().redisFailures());
        // In the first two the JVM loads classes.
        List<Long> warm = all.stream().skip(2).sorted().toList();
        System.out.println("rounds: " + all.size() + ", the first: " + all.get(0) + " ms, half of the others within "
                + warm.get(warm.size() / 2) + " ms, slowest: " + warm.get(warm.size() - 1)
                + " ms, of which the loader takes " + LOAD.toMillis());
        System.out.println(cache.stats());
    }

    /** Waits until all processes have reached this round. */
    private void meet(int round, int processes) {
        direct.incr(READY + round);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Long.parseLong(direct.get(READY + round)) < processes) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("another process did not reach the round in time");
            }
            Thread.onSpinWait();
        }
    }

    private static List<String> keys(int round) {
        return new ArrayList<>(
                IntStream.range(0, KEYS).mapToObj(i -> round + "/" + i).toList());
    }

    private Map<String, String> load(Iterable<String> missing) throws InterruptedException {
        Map<String, String> values = new HashMap<>();
        missing.forEach(key -> values.put(key, "value of " + key));
        loaded.addAndGet(values.size());
        TimeUnit.MILLISECONDS.sleep(LOAD.toMillis());
        return values;
    }
}
