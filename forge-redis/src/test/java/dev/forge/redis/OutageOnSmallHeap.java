package dev.forge.redis;

import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/** Makes 10,000 calls a second through an outage, and prints what memory they retain. */
final class OutageOnSmallHeap {

    private static final int CALLS_IN_TEN_MILLIS = 100;

    private final LongAdder made = new LongAdder();
    private final LongAdder ended = new LongAdder();

    private OutageOnSmallHeap() {}

    /**
     * Makes calls through an outage and says what memory they cost.
     *
     * @param arguments how many seconds the outage lasts
     */
    public static void main(String[] arguments) {
        new OutageOnSmallHeap().run(Integer.parseInt(arguments[0]));
    }

    private void run(int seconds) {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            Promises.warmUp(redis);
            callFor(redis, 1);
            awaitAll();
            long before = usedKibibytes();

            // The server is first unresponsive, and then gone.
            server.freeze();
            callFor(redis, seconds / 2);
            server.kill();
            callFor(redis, seconds - seconds / 2);
            awaitAll();
            long after = usedKibibytes();

            server.restart();
            redis.initializeSync();
            Promises.pause(Duration.ofSeconds(1));
            System.out.println("calls: " + made);
            System.out.println("unfinished: " + (made.sum() - ended.sum()));
            System.out.println("grown: " + (after - before));
            System.out.println("written later: " + server.command("DBSIZE"));
        }
    }

    private void callFor(RedisManager redis, int seconds) {
        for (int step = 0; step < seconds * 100; step++) {
            long next = System.nanoTime() + 10_000_000;
            for (int i = 0; i < CALLS_IN_TEN_MILLIS; i++) {
                made.increment();
                CompletableFuture<Void> call = CoreAccess.coreOf(redis)
                        .setBytes("key" + step + "/" + i, new byte[1024], RedisManager.NO_EXPIRY);
                call.whenComplete((done, failure) -> ended.increment());
            }
            Promises.pause(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
        }
    }

    private void awaitAll() {
        long end = System.nanoTime() + Promises.PATIENCE.toNanos();
        while (ended.sum() < made.sum() && System.nanoTime() - end < 0) {
            Promises.pause(Duration.ofMillis(10));
        }
    }

    private static long usedKibibytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Promises.pause(Duration.ofMillis(100));
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least / 1024;
    }
}
