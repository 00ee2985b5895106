package dev.forge.redis;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Stores and reads many values at once, and prints the result. */
final class BulkOnSmallHeap {

    private BulkOnSmallHeap() {}

    /**
     * Stores, reads and loads many values.
     *
     * @param arguments how many values
     */
    public static void main(String[] arguments) {
        int many = Integer.parseInt(arguments[0]);
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            Promises.warmUp(redis);
            server.command("FLUSHALL");
            for (boolean near : List.of(false, true)) {
                Cache<String> cache = near
                        ? Cache.builder(redis, "near", String.class)
                                .nearCache(10_000)
                                .build()
                        : Cache.builder(redis, "far", String.class).build();
                AtomicLong loaded = new AtomicLong();
                List<String> keys =
                        IntStream.range(0, many).mapToObj(i -> "key " + i).toList();
                long begin = System.nanoTime();
                int wrong = many
                        - cache.getAll(keys, missing -> values(missing, loaded)).size();
                long read = System.nanoTime();
                wrong += many
                        - cache.getAll(keys, missing -> values(missing, loaded)).size();
                long again = System.nanoTime();
                cache.putAll(values(keys, new AtomicLong()));
                long put = System.nanoTime();
                String name = cache.name();
                System.out.println(name + " loaded: " + loaded);
                System.out.println(name + " wrong: " + wrong);
                System.out.println(name + " refused: " + cache.stats().rejectedStores());
                System.out.println(name + " failures: " + cache.stats().redisFailures());
                System.out.println(name + " unsent: " + cache.stats().pendingInvalidations());
                System.out.printf(
                        "%s took %d ms to load, %d ms to read, %d ms to put%n",
                        name, (read - begin) / 1_000_000, (again - read) / 1_000_000, (put - again) / 1_000_000);
            }
            System.out.println("stored: " + server.command("DBSIZE"));
        }
    }

    private static Map<String, String> values(Collection<String> keys, AtomicLong loaded) {
        Map<String, String> values = new HashMap<>();
        keys.forEach(key -> values.put(key, "value of " + key));
        loaded.addAndGet(values.size());
        return values;
    }
}
