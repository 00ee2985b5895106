package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The process that may start no more threads. */
final class NoThreadsMain {

    static final Duration DEADLINE = Duration.ofMillis(300);
    private static final int SLOW = 20;
    private static final int NAP_MILLIS = 200;
    private static final long ENDS_NANOS = TimeUnit.SECONDS.toNanos(3);

    private NoThreadsMain() {}

    /** The argument is the address of Redis. */
    public static void main(String[] arguments) throws Exception {
        BufferedReader said = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (RedisManager redis = DrillGround.manager(
                RedisSettings.builder(arguments[0]).socketTimeout(DEADLINE).build())) {
            Cache<String> cache = Cache.builder(redis, "nothreads", String.class)
                    .executor(Runnable::run)
                    .build();
            cache.get("k", key -> Optional.of("v"));
            // After this, reading the input and loading its classes need no new thread.
            System.out.println("ready");
            said.readLine();
            System.out.println("tried " + (canStart() ? "with success" : "in vain"));
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; !said.ready(); i++) {
                // Some callbacks keep the existing threads busy.
                CompletableFuture<?> call = redis.getAsync("nothreads");
                all.add(i % SLOW == 0 ? call.whenComplete((value, failure) -> nap()) : call);
                all.add(redis.setAsync("nothreads", "v"));
                TimeUnit.MILLISECONDS.sleep(10);
            }
            said.readLine();
            System.out.println("ended " + judged(redis, all));
            said.readLine();
            long start = System.nanoTime();
            try {
                redis.getSync("nothreads");
            } catch (RedisFailure e) {
                // Redis does not answer now.
            }
            System.out.println("took " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            said.readLine();
        }
    }

    private static void nap() {
        try {
            TimeUnit.MILLISECONDS.sleep(NAP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean canStart() throws InterruptedException {
        try {
            Thread thread = new Thread(() -> {});
            thread.start();
            thread.join();
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private static String judged(RedisManager redis, List<CompletableFuture<?>> all) throws InterruptedException {
        long start = System.nanoTime();
        boolean works = false;
        String last = "";
        while (!works && System.nanoTime() - start < ENDS_NANOS) {
            try {
                redis.getSync("nothreads");
                works = true;
            } catch (RedisFailure e) {
                last = String.valueOf(e.getMessage());
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        while (all.stream().anyMatch(each -> !each.isDone()) && System.nanoTime() - start < ENDS_NANOS) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        long open = all.stream().filter(each -> !each.isDone()).count();
        return open == 0 && works ? "well" : open + " of " + all.size() + " calls open, works: " + works + " " + last;
    }
}
