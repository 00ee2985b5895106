package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.SessionId;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A virtual thread that waits for Redis gives its carrier to others: Java would report it as pinned otherwise. */
@EnabledForJreRange(min = JRE.JAVA_21)
@Timeout(60)
class VirtualThreadsTest {

    private static final int THREADS = 100;
    private static final int ROUNDS = 20;
    private static final int ATTEMPTS = 5;

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void isNeverPinnedWhileItWaitsForRedis(int poolSize) throws Exception {
        RedisSettings settings = RedisSettings.builder(SERVER.url())
                .poolSize(poolSize)
                .socketTimeout(Duration.ofSeconds(20))
                .build();
        try (RedisManager redis = RedisManager.create(settings)) {
            Work work = new Work(redis);
            // A thread that uses a class first, or waits for one that does, is pinned. Rare paths are not used in the
            // first attempt.
            List<RecordedEvent> pinned = pinnedDuring(work);
            for (int attempt = 1; attempt < ATTEMPTS && !pinned.isEmpty(); attempt++) {
                pinned = pinnedDuring(work);
            }

            assertThat(pinned).isEmpty();
        }
    }

    @Test
    void wakesEveryOneWhenManyRepliesComeTogether() throws Exception {
        try (RedisManager redis = RedisManager.create(
                RedisSettings.builder(SERVER.url()).poolSize(0).build())) {
            redis.setSync("key", "value");
            SERVER.server().freeze();
            CompletableFuture<Void> thawed = CompletableFuture.runAsync(() -> {
                await().until(() -> redis.connectionStats().inFlight() == 10 * THREADS);
                SERVER.server().thaw();
            });

            run(10 * THREADS, thread -> assertThat(redis.getSync("key")).contains("value"));

            thawed.get(10, TimeUnit.SECONDS);
        }
    }

    /** Those that wait for an initialiser keep all carriers, and one without a carrier is to wake the one that runs it. */
    @Test
    void goOnAlthoughAllCarriersWaitForOneOfThem() throws Exception {
        try (RedisManager redis = RedisManager.create(RedisSettings.builder(SERVER.url())
                .poolSize(0)
                .socketTimeout(Duration.ofSeconds(20))
                .build())) {
            redis.setSync("key", "value");
            Asks.REDIS.complete(redis);
            int carriers = Runtime.getRuntime().availableProcessors();
            CountDownLatch waiting = new CountDownLatch(carriers);
            SERVER.server().freeze();

            Thread first = start(() -> redis.getSync("key"));
            await().until(() -> redis.connectionStats().inFlight() == 1);
            List<Thread> all = new ArrayList<>(List.of(first, start(Asks::initialise)));
            await().until(() -> redis.connectionStats().inFlight() == 2);
            for (int i = 0; i < carriers; i++) {
                all.add(start(() -> {
                    waiting.countDown();
                    Asks.initialise();
                }));
            }
            // One is left for which there is no carrier.
            await().pollDelay(Duration.ofMillis(100)).until(() -> waiting.getCount() <= 1);
            SERVER.server().thaw();

            for (Thread thread : all) {
                thread.join(Promises.PATIENCE.toMillis());
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    private static Thread start(Runnable task) throws ReflectiveOperationException {
        Thread thread = VirtualThreads.factory().newThread(task);
        thread.start();
        return thread;
    }

    private static final class Asks {

        static final CompletableFuture<RedisManager> REDIS = new CompletableFuture<>();

        private static final class InItsInitialiser {
            static final Optional<String> VALUE = REDIS.join().getSync("key");
        }

        static void initialise() {
            assertThat(InItsInitialiser.VALUE).contains("value");
        }
    }

    /** The check above would see one: a virtual thread cannot leave its carrier within an initialiser. */
    @Test
    void reportsAPinnedThread() throws Exception {
        List<RecordedEvent> pinned = pinnedDuring(1, thread -> new SleepsInItsInitialiser());

        assertThat(pinned).isNotEmpty();
    }

    private static final class SleepsInItsInitialiser {
        static {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What the library offers to a blocking caller. */
    private static final class Work {

        private final RedisManager redis;
        private final Cache<String> cache;
        private final RateLimiter limiter;
        private final SessionStore sessions;

        Work(RedisManager redis) {
            this.redis = redis;
            this.cache = Cache.builder(redis, "texts", String.class)
                    .ttl(Duration.ofMinutes(1))
                    .build();
            this.limiter = RateLimiter.tokenBucket(redis, "calls", Limit.of(1_000_000, Duration.ofMinutes(1)));
            this.sessions = SessionStore.create(redis);
        }

        void once(String key) {
            redis.setSync(key, "value of " + key, Duration.ofMinutes(1));
            assertThat(redis.getSync(key)).contains("value of " + key);
            assertThat(cache.get(key, Optional::of)).contains(key);
            assertThat(limiter.tryAcquire("someone").isAllowed()).isTrue();
            SessionId session = sessions.create("someone", Map.of("key", key)).id();
            assertThat(sessions.get(session.value())).isPresent();
            assertThat(redis.deleteSync(key)).isEqualTo(1);
        }
    }

    private interface Task {
        void run(int thread) throws Exception;
    }

    private List<RecordedEvent> pinnedDuring(Work work) throws Exception {
        return pinnedDuring(THREADS, thread -> {
            for (int round = 0; round < ROUNDS; round++) {
                work.once(thread + ":" + round);
            }
        });
    }

    /** Runs {@code task} on virtual threads; returns each time that Java reports one as pinned. */
    private List<RecordedEvent> pinnedDuring(int threads, Task task) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
            recording.start();
            run(threads, task);
            recording.stop();
            return events(recording);
        }
    }

    private List<RecordedEvent> events(Recording recording) throws IOException {
        Path file = directory.resolve("events.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(VirtualThreadsTest::isOfForge)
                .toList();
    }

    /** The JDK has virtual threads of its own. */
    private static boolean isOfForge(RecordedEvent event) {
        return event.getStackTrace().getFrames().stream()
                .anyMatch(frame -> frame.getMethod().getType().getName().startsWith("dev.forge."));
    }

    private static void run(int threads, Task task) throws Exception {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        ThreadFactory virtual = VirtualThreads.factory();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread thread = virtual.newThread(() -> {
                try {
                    task.run(number);
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }
}
