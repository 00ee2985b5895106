package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheBuilder;
import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What blocking callers see of the connections that they have for themselves. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DirectConnectionsTest {

    private static final int MOST = 3;

    // So much time that nothing ends a call but what the test does.
    private static final Duration PATIENT = Duration.ofMinutes(1);

    // For what only the deadline ends.
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    // Far below the deadline of a patient manager.
    private static final Duration SOON = Duration.ofSeconds(5);

    private EmbeddedRedis server;
    private FaultProxy proxy;
    private RedisManager redis;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start();
        proxy = FaultProxy.to(server.port());
        redis = manager(MOST);
        openDirectConnection(redis);
    }

    @AfterEach
    void stop() {
        redis.close();
        proxy.close();
        server.close();
    }

    @Test
    void serveACallerThatWaits() {
        redis.getAsync("key").join();
        for (int i = 0; i < 10; i++) {
            redis.setSync("key", "value");
        }

        assertLastCommands("get", "set");
    }

    @Test
    void letACallerPassABatchOfAnother() {
        proxy.latency(FaultProxy.Direction.REPLIES, Duration.ofMillis(200));
        CompletableFuture<?> batch = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < 100; i++) {
                        redis.setAsync("batch:" + i, "value");
                    }
                },
                thread());
        batch.join();

        assertThat(redis.getSync("key")).contains("value");

        assertLastCommands("set", "get");
    }

    @ParameterizedTest
    @EnumSource
    void serveEveryOperationOfOneCommand(Operation operation) {
        Cache<String> cache = cache().build();
        cache.put("key", "value");
        redis.syncTestConnection();
        assertThat(lastCommands().get(1)).isEqualTo("exists");

        operation.run.accept(redis, cache);

        assertThat(lastCommands().get(1)).matches(operation.command);
    }

    private enum Operation {
        DELETE("unlink", (redis, cache) -> redis.deleteSync("key")),
        CACHE_GET("get", (redis, cache) -> cache.get("key", missing -> Optional.empty())),
        CACHE_MISS("eval|evalsha", (redis, cache) -> cache.lookup("missing")),
        CACHE_PEEK("get", (redis, cache) -> cache.peek("key")),
        CACHE_GET_IF_PRESENT("get", (redis, cache) -> cache.getIfPresent("key")),
        CACHE_PUT("set", (redis, cache) -> cache.put("key", "value")),
        CACHE_PUT_ABSENCE("set", (redis, cache) -> cache.putAbsence("key")),
        CACHE_INVALIDATE("eval|evalsha", (redis, cache) -> cache.invalidate("key"));

        private final String command;

        @SuppressWarnings("ImmutableEnumChecker") // no lambda here has a state
        private final BiConsumer<RedisManager, Cache<String>> run;

        Operation(String command, BiConsumer<RedisManager, Cache<String>> run) {
            this.command = command;
            this.run = run;
        }
    }

    @Test
    void areNotUsedForCommandsThatShareARoundTrip() {
        Cache<String> cache = cache().earlyRefresh().build();
        cache.put("key", "value");

        // It reads the value and its TTL.
        assertThat(cache.getIfPresent("key")).contains("value");

        assertLastCommands("pttl", "set");
    }

    private CacheBuilder<String> cache() {
        return Cache.builder(redis, "texts", String.class)
                .ttl(Duration.ofMinutes(1))
                .cacheAbsence(Duration.ofMinutes(1));
    }

    @Test
    void areNotUsedIfThePoolIsEmpty() {
        try (RedisManager none = manager(0)) {
            for (int i = 0; i < 100; i++) {
                none.setSync("other", "value");
                assertThat(none.getSync("other")).contains("value");
            }
            assertThat(none.connectionStats().connections()).isEqualTo(1);
        }
    }

    @Test
    void areAtMostAsManyAsThePoolSize() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(4 * MOST);
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < 4 * MOST; i++) {
            all.add(CompletableFuture.runAsync(
                    () -> {
                        for (int call = 0; call < 300; call++) {
                            assertThat(redis.getSync("key")).contains("value");
                            most.accumulateAndGet(redis.connectionStats().connections(), Math::max);
                        }
                    },
                    callers));
        }
        all.forEach(CompletableFuture::join);
        callers.shutdown();

        assertThat(most).hasValueBetween(2, MOST + 1);
    }

    @Test
    void giveNoLateReplyToTheNextCaller() {
        impatient();
        redis.setSync("slow", "slow value");
        proxy.stall(FaultProxy.Direction.REPLIES);

        assertThat(catchThrowable(() -> redis.getSync("slow"))).isInstanceOf(RedisOutcomeUnknownException.class);
        proxy.heal();

        await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("key")) == null);
        for (int i = 0; i < 100; i++) {
            assertThat(redis.getSync("key")).contains("value");
        }
    }

    @Test
    void endTheirCallsAtTheDeadlineWhileTheServerTakesNothing() {
        // So large that the write itself is stuck.
        String large = "x".repeat(16 * 1024 * 1024);
        impatient();
        proxy.stall();
        long start = System.nanoTime();

        Throwable failure = catchThrowable(() -> redis.setSync("large", large));

        assertThat(failure).isInstanceOf(RedisOutcomeUnknownException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.multipliedBy(3));
    }

    @Test
    void endTheirCallsAtADeadlineOfTheirOwn() {
        RedisCore core = CoreAccess.coreOf(redis);
        LuaScript script = LuaScript.of("one", "return 1");
        core.awaitFirst("eval", () -> core.eval(script, List.of(), List.of()));
        server.freeze();
        long start = System.nanoTime();

        Throwable failure = catchThrowable(
                () -> core.awaitFirst("eval", () -> core.eval(script, List.of(), List.of(), Duration.ofMillis(200))));

        assertThat(failure).isInstanceOf(RedisOutcomeUnknownException.class);
        // A frozen server is noticed after 2.25 s at the earliest.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        server.thaw();
    }

    @Test
    void letAnInterruptedCallerGoAtOnce() throws Exception {
        server.freeze();
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            Throwable failure = catchThrowable(() -> redis.setSync("key", "other"));
            outcome.complete(Thread.currentThread().isInterrupted() ? failure : new AssertionError("cleared"));
        });
        caller.start();
        await().until(() -> redis.connectionStats().inFlight() > 0);

        caller.interrupt();

        assertThat(outcome.get(SOON.toMillis(), TimeUnit.MILLISECONDS)).isInstanceOf(RedisInterruptedException.class);
        server.thaw();
        await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("key")) == null);
    }

    @Test
    void areNotUsedByAThreadThatIsInterruptedAlready() {
        server.freeze();
        Thread.currentThread().interrupt();

        assertThat(catchThrowable(() -> redis.getSync("key"))).isInstanceOf(RedisInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        server.thaw();
        assertThat(redis.connectionStats().connections()).isEqualTo(2);
    }

    @Test
    void areReplacedWhenTheServerHasClosedThem() {
        redis.close();
        await().until(() -> clients().findAny().isEmpty());
        // Past the proxy, which may be late in passing on that the server has closed them.
        redis = manager(server.url(), MOST, PATIENT);
        for (int i = 0; i < 5; i++) {
            openDirectConnection(redis);
            clients()
                    .skip(1)
                    .map(client -> client.replaceAll("^id=(\\d+) .*", "$1"))
                    .toList()
                    .forEach(id -> server.command("CLIENT", "KILL", "ID", id));
            Promises.pause(Duration.ofMillis(150));

            // Not even a write notices.
            redis.setSync("key", "value " + i);
            assertThat(redis.getSync("key")).contains("value " + i);
        }
    }

    @Test
    void endWithTheSharedConnection() throws Exception {
        server.freeze();
        CompletableFuture<Throwable> blocked =
                CompletableFuture.supplyAsync(() -> catchThrowable(() -> redis.setSync("key", "x")), thread());
        await().until(() -> redis.connectionStats().inFlight() > 0);

        proxy.refuse();
        proxy.reset();

        assertThat(blocked.get(SOON.toMillis(), TimeUnit.MILLISECONDS))
                .isInstanceOfAny(RedisOutcomeUnknownException.class, RedisUnavailableException.class);
        await().until(() -> redis.connectionStats().connections() == 0);
        server.thaw();
    }

    @Test
    void endWhenTheServerIsUnresponsive() throws Exception {
        server.freeze();

        CompletableFuture<Throwable> blocked =
                CompletableFuture.supplyAsync(() -> catchThrowable(() -> redis.setSync("key", "x")), thread());

        // Nothing but the probes of the shared connection shows it.
        assertThat(blocked.get(Promises.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .isInstanceOf(RedisOutcomeUnknownException.class);
        server.thaw();
    }

    @Test
    void runScriptsThatTheServerHasForgotten() {
        LuaScript echo = LuaScript.of("echo", "return ARGV[1] -- " + System.nanoTime());
        for (int i = 0; i < 20; i++) {
            assertThat(redis.evalSync(echo, List.of(), List.of(LuaScript.argument(i)))
                            .asText())
                    .isEqualTo(String.valueOf(i));
            if (i % 5 == 0) {
                server.command("SCRIPT", "FLUSH");
            }
        }
    }

    @Test
    void giveEachCallerItsOwnReplyWhileConnectionsAreCut() {
        impatient();
        for (int i = 0; i < 100; i++) {
            redis.setSync("key" + i, "value of key" + i);
        }
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            Random random = new Random(i);
            callers.add(new Thread(() -> {
                while (answered.get() < Promises.count(3_000, 300_000)) {
                    String key = "key" + random.nextInt(100);
                    var unused = catchThrowable(() -> {
                        if (!redis.getSync(key).orElseThrow().equals("value of " + key)) {
                            wrong.incrementAndGet();
                        }
                        answered.incrementAndGet();
                    });
                    // An interrupt ends one wait, not the caller.
                    Thread.interrupted();
                }
            }));
        }
        callers.forEach(Thread::start);
        Random random = new Random(7);
        int next = 0;
        for (int cut = 0; callers.stream().anyMatch(Thread::isAlive); ) {
            Promises.pause(Duration.ofMillis(1));
            // By answers, not by time: a slow machine gets as many cuts as a fast one.
            if (answered.get() < next) {
                continue;
            }
            next = answered.get() + 1 + random.nextInt(100);
            switch (cut++ % 4) {
                case 0 -> proxy.reset();
                case 1 -> proxy.truncateReply();
                case 2 -> proxy.corruptReply(random.nextInt(3)); // not what the value is, which nothing protects
                default -> callers.get(random.nextInt(MOST)).interrupt();
            }
        }

        assertThat(wrong).hasValue(0);
    }

    private void impatient() {
        redis.close();
        redis = manager(proxy.url(), MOST, DEADLINE);
        openDirectConnection(redis);
    }

    private RedisManager manager(int most) {
        return manager(proxy.url(), most, PATIENT);
    }

    private static RedisManager manager(String url, int most, Duration deadline) {
        RedisManager made = RedisManager.create(RedisSettings.builder(url)
                .poolSize(most)
                .socketTimeout(deadline)
                .build());
        Promises.warmUp(made);
        return made;
    }

    private static void openDirectConnection(RedisManager redis) {
        await().atMost(Promises.PATIENCE).pollInSameThread().ignoreExceptions().until(() -> {
            redis.setSync("key", "value");
            return redis.connectionStats().connections() > 1;
        });
    }

    /** Returns another thread, which shares no stripe of {@link ThreadAffinity} with this one. */
    private static Executor thread() {
        return task -> {
            Thread other = new Thread(task);
            while ((other.getId() - Thread.currentThread().getId()) % 256 == 0) {
                other = new Thread(task);
            }
            other.start();
        };
    }

    /** There is one direct connection, and the shared one may have been probed since its last command. */
    private void assertLastCommands(String shared, String direct) {
        List<String> last = lastCommands();
        assertThat(last).hasSize(2);
        assertThat(last.get(0)).isIn(shared, "ping");
        assertThat(last.get(1)).isEqualTo(direct);
    }

    /** Returns the last command of each connection of the manager, the shared one first. */
    private List<String> lastCommands() {
        return clients()
                .map(client -> client.replaceAll(".* cmd=(\\S+) .*", "$1"))
                .toList();
    }

    /** Returns the line of each connection of the manager in CLIENT LIST, the shared one first. */
    private Stream<String> clients() {
        return server.command("CLIENT", "LIST").lines().filter(client -> !client.contains(" cmd=client"));
    }
}
