package dev.forge.redis.cache;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One of several processes, in which a thousand callers look up the same missing key at once. */
final class Stampede {

    static final String READY = "stampede:ready";
    static final String GO = "stampede:go";
    static final String LOADS = "stampede:loads";
    static final String LOST = "stampede:lost";
    static final String HOLDER = "stampede:holder";
    static final Duration LOAD = Duration.ofMillis(300);

    private static final int THREADS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Stampede() {}

    /**
     * Waits for the start signal, and then looks the key up.
     *
     * @param arguments the URL of the server, the number of callers, and how long a load takes in milliseconds
     */
    public static void main(String[] arguments) throws Exception {
        int callers = Integer.parseInt(arguments[1]);
        long loadMillis = Long.parseLong(arguments[2]);
        try (RedisManager redis = RedisManager.create(RedisSettings.of(arguments[0]))) {
            RedisClusterCommands<String, String> direct = redis.getSyncClient();
            Cache<String> cache = Cache.builder(redis, "hot", String.class).build();
            Loader<String> loader = key -> {
                direct.set(HOLDER, Long.toString(ProcessHandle.current().pid()));
                direct.incr(LOADS);
                CompletableFuture<Void> time = new CompletableFuture<>();
                time.completeOnTimeout(null, loadMillis, TimeUnit.MILLISECONDS).join();
                return Optional.of("value");
            };
            cache.get("warm", key -> Optional.of("up"));
            CountDownLatch go = new CountDownLatch(1);
            List<CompletableFuture<Optional<String>>> answers = threads(cache, loader, go);
            direct.incr(READY);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (direct.exists(GO) == 0) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the start signal did not come");
                }
                Thread.onSpinWait();
            }
            go.countDown();
            for (int i = THREADS; i < callers; i++) {
                answers.add(cache.getAsync("key", loader));
            }
            for (CompletableFuture<Optional<String>> answer : answers) {
                if (!answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).equals(Optional.of("value"))) {
                    throw new IllegalStateException("another value");
                }
            }
            direct.incrby(LOST, cache.stats().rejectedStores() + cache.stats().redisFailures());
            System.out.println("answered: " + answers.size());
        }
    }

    private static List<CompletableFuture<Optional<String>>> threads(
            Cache<String> cache, Loader<String> loader, CountDownLatch go) {
        List<CompletableFuture<Optional<String>>> answers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
            answers.add(answer);
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                    answer.complete(cache.get("key", loader));
                } catch (InterruptedException | RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        return answers;
    }
}
