package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.settings.RedisSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** The process that is stopped: it begins two loads, and ends them on request. */
final class StoppedClientMain {

    private StoppedClientMain() {}

    /** The arguments are the address of Redis and the name of the cache. */
    public static void main(String[] arguments) throws Exception {
        RedisSettings settings = RedisSettings.builder(arguments[0])
                .socketTimeout(Duration.ofSeconds(10))
                .build();
        try (RedisManager redis = DrillGround.manager(settings)) {
            Cache<String> cache = cache(redis, arguments[1]);
            CountDownLatch loading = new CountDownLatch(2);
            CountDownLatch go = new CountDownLatch(1);
            CompletableFuture<Optional<String>> kept = cache.getAsync("kept", key -> load(loading, go));
            CompletableFuture<Optional<String>> invalidated = cache.getAsync("invalidated", key -> load(loading, go));
            loading.await();
            System.out.println("loading both");
            System.in.read();
            go.countDown();
            System.out.println("returned " + kept.get().orElse("nothing") + " "
                    + invalidated.get().orElse("nothing"));
            System.in.read(new byte[10]);
        }
    }

    static Cache<String> cache(RedisManager redis, String name) {
        return Cache.builder(redis, name, String.class)
                .ttl(Duration.ofMinutes(1))
                .build();
    }

    private static Optional<String> load(CountDownLatch loading, CountDownLatch go) throws InterruptedException {
        loading.countDown();
        go.await();
        return Optional.of("old");
    }
}
