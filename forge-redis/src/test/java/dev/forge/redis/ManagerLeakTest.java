package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ManagerLeakTest {

    /** More than the files that the class loader may open meanwhile. */
    private static final int CYCLES = 30;

    private final ForgeThreads threads = new ForgeThreads();

    @Test
    void leavesNoThreadAndNoConnectionBehind() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            openAndClose(server);
            int filesBefore = OpenFiles.count();

            for (int i = 0; i < CYCLES; i++) {
                openAndClose(server);
            }

            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(threads.started()).isEmpty());
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                // The client sometimes leaves a closed socket to the garbage collector; a socket in use stays.
                System.gc();
                assertThat(OpenFiles.count()).isLessThan(filesBefore + CYCLES);
            });
            try (RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
                assertThat(redis.getSyncClient().clientList().lines()).hasSize(1); // this one
            }
        }
    }

    /** A servlet container warns of threads that outlive an application. On Java 21 and later loaders run on virtual threads. */
    @Test
    void leavesNoThreadOfALoaderBehind() throws InterruptedException {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            CompletableFuture<String> source = new CompletableFuture<>();
            CountDownLatch loading = new CountDownLatch(1);
            CompletableFuture<Optional<String>> running;
            try (RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
                Cache<String> cache =
                        Cache.builder(redis, "users", String.class).build();
                cache.getAsync("1", key -> Optional.of("Ada")).join();
                running = cache.getAsync("2", key -> {
                    loading.countDown();
                    return Optional.of(source.join());
                });
                loading.await();
            }

            source.complete("Bob");

            assertThat(running.join()).contains("Bob");
            await().atMost(Promises.PATIENCE)
                    .untilAsserted(() -> assertThat(threads.started()).isEmpty());
        }
    }

    /** One that reads, one that writes, and the clock. */
    @Test
    void startsThreeThreadsForOneConnection() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            redis.setSync("a", "1");

            assertThat(threads.started())
                    .containsExactlyInAnyOrder("forge-redis-clock-1", "forge-redis-reader-1", "forge-redis-writer-1");
        }
    }

    @Test
    void isNotRetainedByAPendingInvalidation() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            WeakReference<RedisManager> closed = closedWithAnInvalidationLeft(server);

            await().atMost(Promises.PATIENCE).until(() -> {
                System.gc();
                return closed.get() == null;
            });
            await().atMost(Promises.PATIENCE)
                    .untilAsserted(() -> assertThat(threads.started()).isEmpty());
        }
    }

    /** As in an application that creates one for each request. */
    @Test
    void warnsOnceIfManyAreOpen() {
        List<RedisManager> all = new ArrayList<>();
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            for (int i = 0; i < 60; i++) {
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()));
                all.add(redis);
                redis.getSync("a");
            }
            all.subList(48, 60).forEach(RedisManager::close);
            for (int i = 0; i < 5; i++) {
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()));
                all.add(redis);
                redis.getSync("a");
            }
        } finally {
            System.setErr(before);
            all.forEach(RedisManager::close);
        }

        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.contains("share it"))
                .singleElement()
                .asString()
                .contains("WARN", "50 managers of Redis are open in this process");
    }

    private static WeakReference<RedisManager> closedWithAnInvalidationLeft(EmbeddedRedis server) {
        RedisManager redis = RedisManager.create(RedisSettings.of(server.url()));
        Cache<String> cache = Cache.builder(redis, "users", String.class).build();
        cache.put("1", "Ada");
        server.kill();
        var unused = catchThrowable(() -> cache.invalidate("1"));
        assertThat(cache.stats().pendingInvalidations()).isEqualTo(1);
        redis.close();
        return new WeakReference<>(redis);
    }

    private static void openAndClose(EmbeddedRedis server) {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            redis.setSync("a", "1");
            redis.getSyncClient().get("a");
        }
    }
}
