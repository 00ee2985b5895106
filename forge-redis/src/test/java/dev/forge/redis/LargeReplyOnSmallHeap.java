package dev.forge.redis;

import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.RedisSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The process of {@link LargeReplyHeapTest}. */
final class LargeReplyOnSmallHeap {

    private LargeReplyOnSmallHeap() {}

    /**
     * Reads a value that does not fit into the heap, in four ways, and says what became of each call and of others.
     *
     * @param args the URL of a server that has such a value at {@code large}
     */
    public static void main(String[] args) {
        RedisSettings settings =
                RedisSettings.builder(args[0]).socketTimeout(Promises.PATIENCE).build();
        try (RedisManager redis = RedisManager.create(settings)) {
            redis.initializeSync();
            List<CompletableFuture<Void>> others = new ArrayList<>();
            CompletableFuture<?> large = redis.getAsync("large");
            others.add(redis.setAsync("1", "value"));
            CompletableFuture<?> list = CoreAccess.coreOf(redis).getAllBytes(List.of("1", "large", "2"));
            others.add(redis.setAsync("2", "value"));
            CompletableFuture<?> script = redis.evalAsync(
                    LuaScript.of("get", "return redis.call('GET', KEYS[1])"), List.of("large"), List.of());
            others.add(redis.setAsync("3", "value"));

            System.out.println("large: " + outcome(large));
            System.out.println("list: " + outcome(list));
            System.out.println("script: " + outcome(script));
            System.out.println("blocking: " + outcome(CompletableFuture.supplyAsync(() -> redis.getSync("large"))));
            System.out.println("others failed: "
                    + others.stream()
                            .filter(other -> !outcome(other).equals("null"))
                            .count());
            System.out.println("reconnects: " + redis.connectionStats().reconnects());
        }
    }

    private static String outcome(CompletableFuture<?> call) {
        return call.handle((value, failure) -> {
                    Throwable cause = failure;
                    while (cause != null && cause.getCause() != null) {
                        cause = cause.getCause();
                    }
                    return String.valueOf(cause);
                })
                .join();
    }
}
