package dev.forge.torture.drill;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The executor of a cache rejects loaders: their callers fail, and others do not wait for a load that never began. */
final class FullExecutor implements Drill {

    static final String PROMISE = "a full executor leaves no lease behind";

    private static final Duration ENDS = Duration.ofSeconds(1);

    @Override
    public void run(DrillGround ground) throws Exception {
        try (RedisManager mine = ground.manager();
                RedisManager theirs = ground.manager()) {
            String name = ground.fresh("full");
            Cache<String> full = Cache.builder(mine, name, String.class)
                    .executor(task -> {
                        throw new RejectedExecutionException("full");
                    })
                    .build();
            Cache<String> other = Cache.builder(theirs, name, String.class).build();
            ends(ground, full.getAsync("one", key -> Optional.of(key)));
            ends(ground, full.getAllAsync(List.of("two", "three"), FullExecutor::all));
            long start = System.nanoTime();
            other.get("one", Optional::of);
            other.getAll(List.of("two", "three"), FullExecutor::all);
            ground.within(ENDS, start, PROMISE, "another's look-ups");
            start = System.nanoTime();
            ground.require(full.get("four", Optional::of).isPresent(), PROMISE, "a blocking look-up had no value");
            ground.within(ENDS, start, PROMISE, "a blocking look-up");
        }
    }

    private static Map<String, String> all(Set<String> keys) {
        return keys.stream().collect(Collectors.toMap(key -> key, key -> key));
    }

    private static void ends(DrillGround ground, CompletableFuture<?> refused) throws InterruptedException {
        try {
            refused.get(ENDS.toMillis() * 3, TimeUnit.MILLISECONDS);
            ground.violations().add(PROMISE, "a look-up had a value, although nothing could load it");
        } catch (ExecutionException e) {
            ground.require(
                    e.getCause() instanceof RejectedExecutionException,
                    PROMISE,
                    "a look-up failed with " + e.getCause());
        } catch (TimeoutException e) {
            ground.violations().add(PROMISE, "a look-up had no end");
        }
    }
}
