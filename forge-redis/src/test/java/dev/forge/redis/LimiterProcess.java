package dev.forge.redis;

import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.settings.RedisSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** One of several processes that use the same limits at the same time; prints how often each limit allowed it. */
final class LimiterProcess {

    static final int LIMIT = 100;

    private static final int RUNS = 5;
    private static final int THREADS = 64;
    private static final int ATTEMPTS = 50;
    private static final String COUNTED = "allowed ";

    private LimiterProcess() {}

    /** Arguments: the URL of the server, and how many processes there are. */
    public static void main(String[] arguments) throws Exception {
        ask(arguments[0], Integer.parseInt(arguments[1]))
                .forEach((run, allowed) -> System.out.println(COUNTED + run + "=" + allowed));
    }

    /** Parses the output of {@link #main}. */
    static Map<String, Integer> read(String output) {
        return output.lines()
                .filter(line -> line.startsWith(COUNTED))
                .map(line -> line.substring(COUNTED.length()).split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> Integer.parseInt(pair[1])));
    }

    static Map<String, Integer> ask(String url, int processes) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(THREADS);
        Map<String, Integer> allowed = new TreeMap<>();
        try (RedisManager redis = RedisManager.create(RedisSettings.of(url))) {
            Promises.warmUp(redis);
            for (Algorithm algorithm : Algorithm.values()) {
                for (boolean remembered : new boolean[] {true, false}) {
                    RateLimiter limiter = RateLimiter.of(
                                    redis, "test", algorithm, List.of(Limit.of(LIMIT, Duration.ofHours(1))))
                            .withTimeout(Duration.ofSeconds(10))
                            .withDenialCache(remembered);
                    for (int run = 0; run < RUNS; run++) {
                        String name = algorithm + (remembered ? " " : " asking every time ") + run;
                        meet(redis, processes + " " + name, processes);
                        allowed.put(name, askAtOnce(limiter, processes + " " + name, clients));
                    }
                }
            }
        } finally {
            clients.shutdownNow();
        }
        return allowed;
    }

    private static int askAtOnce(RateLimiter limiter, String subject, ExecutorService clients) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> counts = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            counts.add(clients.submit(() -> {
                Promises.await(start);
                int allowed = 0;
                for (int i = 0; i < ATTEMPTS; i++) {
                    allowed += limiter.tryAcquire(subject).isAllowed() ? 1 : 0;
                }
                return allowed;
            }));
        }
        start.countDown();
        int allowed = 0;
        for (Future<Integer> count : counts) {
            allowed += count.get();
        }
        return allowed;
    }

    /** Waits until all processes are here. */
    private static void meet(RedisManager redis, String place, int processes) {
        String key = "meeting:" + place;
        redis.getSyncClient().incr(key);
        long end = System.nanoTime() + Promises.PATIENCE.toNanos();
        while (Integer.parseInt(redis.getSyncClient().get(key)) < processes) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited in vain for the other process");
            }
            Promises.pause(Duration.ofMillis(1));
        }
    }
}
