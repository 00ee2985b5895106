package dev.forge.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.observe.CacheStats;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.observe.ConnectionStats.TrackingState;
import dev.forge.redis.observe.RedisObserver;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObserverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EmbeddedRedis server = EmbeddedRedis.start();
    private final RedisManager redis = RedisManager.create(
            RedisSettings.builder(server.url()).socketTimeout(PATIENCE).build());
    private final Events events = new Events();

    /** Notes what it gets, one line for each event. */
    private static final class Events implements RedisObserver {
        private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        public CommandEnd commandStarted(String operation) {
            return (outcome, nanos) -> {
                assertThat(nanos).isPositive();
                lines.add(operation + " " + outcome);
            };
        }

        @Override
        public LoadEnd loadStarted(String cache) {
            return failure -> lines.add("load " + cache + " " + (failure == null ? "ok" : failure.getMessage()));
        }

        @Override
        public void rateLimited(String name, String outcome, String basis) {
            lines.add("limit " + name + " " + outcome + " " + basis);
        }

        @Override
        public void sessionUsed(String operation, String outcome) {
            lines.add("session " + operation + " " + outcome);
        }

        void awaitExactly(String line, int times) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(Collections.frequency(lines, line))
                            .as("%s in %s", line, lines)
                            .isEqualTo(times));
        }
    }

    @BeforeEach
    void observe() {
        redis.initializeSync();
        redis.observe(events);
    }

    @AfterEach
    void close() {
        redis.close();
        server.close();
    }

    @Test
    void isNotifiedOnceOfEachCommandAndWhetherItHasFoundAValue() {
        redis.setSync("a", "1");
        redis.getSync("a");
        redis.getSync("b");

        events.awaitExactly("set SUCCESS", 1);
        events.awaitExactly("get HIT", 1);
        events.awaitExactly("get MISS", 1);
    }

    @Test
    void isNotifiedOfRefusedAndUnsentCommands() {
        LuaScript broken = LuaScript.of("broken", "return redis.error_reply('ERR broken')");

        assertThatThrownBy(() -> redis.evalSync(broken, List.of("a"), List.of()))
                .hasMessageContaining("broken");
        events.awaitExactly("evalsha REFUSED", 1);

        server.kill();
        await().atMost(PATIENCE).until(() -> !redis.connectionStats().up());
        assertThatThrownBy(() -> redis.setSync("a", "1")).isInstanceOf(RedisUnavailableException.class);
        await().atMost(PATIENCE).until(() -> events.lines.contains("set UNAVAILABLE"));
    }

    @Test
    void isNotifiedOfACancelledCommandOnce() {
        server.freeze();
        CompletableFuture<?> call = redis.getAsync("a");

        call.cancel(false);
        call.cancel(false);

        events.awaitExactly("get CANCELLED", 1);
    }

    @Test
    void isNotifiedOfLoadsLimitsAndSessions() {
        Cache<String> names = Cache.builder(redis, "names", String.class).build();
        RateLimiter limiter = RateLimiter.slidingWindow(redis, "login", Limit.of(1, Duration.ofMinutes(1)))
                .withTimeout(PATIENCE);
        SessionStore sessions = SessionStore.create(redis);

        names.get("1", key -> Optional.of("Ada"));
        limiter.tryAcquire("ada");
        limiter.tryAcquire("ada");
        limiter.tryAcquireAsync("ada").join();
        limiter.withShadowMode(true)
                .withDenialCache(false)
                .tryAcquireAsync("ada")
                .join();
        String id = sessions.create("ada", Map.of()).id().value();
        sessions.get(id);
        sessions.delete(id);
        sessions.get(id);

        events.awaitExactly("load names ok", 1);
        events.awaitExactly("limit login allowed count", 1);
        events.awaitExactly("limit login denied remembered", 2);
        events.awaitExactly("limit login shadow_denied count", 1);
        events.awaitExactly("session create ok", 1);
        events.awaitExactly("session get ok", 1);
        events.awaitExactly("session delete ok", 1);
        events.awaitExactly("session get absent", 1);
    }

    @Test
    void isNotifiedOfTheReadsOfANearCache() {
        Cache<String> near =
                Cache.builder(redis, "near", String.class).nearCache(10).build();
        near.put("1", "Ada");
        await().atMost(PATIENCE).untilAsserted(() -> {
            near.getIfPresent("1");
            assertThat(near.stats().nearSize()).isEqualTo(1);
        });

        assertThat(redis.connectionStats().tracking()).isEqualTo(TrackingState.LIVE);
        await().atMost(PATIENCE).until(() -> events.lines.contains("pttl SUCCESS"));
        assertThat(events.lines).contains("get HIT");
    }

    @Test
    void countsCommandsInFlightWhileTheServerDoesNotReply() {
        server.freeze();
        List<CompletableFuture<?>> calls = List.of(redis.getAsync("a"), redis.getAsync("b"), redis.getAsync("c"));

        assertThat(redis.connectionStats().inFlight()).isEqualTo(3);
        calls.forEach(call -> call.cancel(false));
    }

    @Test
    void aCallThatIsNotObservedHasNoRoomForAnObserver() {
        try (RedisManager quiet = RedisManager.create(RedisSettings.of(server.url()))) {
            assertThat(quiet.getAsync("a").getClass().getSimpleName()).isEqualTo("Call");
            assertThat(redis.getAsync("a").getClass().getSimpleName()).isEqualTo("ObservedCall");
        }
    }

    @Test
    void whatAnObserverThrowsHasNoEffect() {
        redis.observe(new RedisObserver() {
            @Override
            public CommandEnd commandStarted(String operation) {
                if (operation.equals("set")) {
                    throw new IllegalStateException("started");
                }
                return (outcome, nanos) -> {
                    throw new IllegalStateException("ended");
                };
            }

            @Override
            public @Nullable LoadEnd loadStarted(String cache) {
                throw new IllegalStateException("load");
            }

            @Override
            public void rateLimited(String name, String outcome, String basis) {
                throw new LinkageError("limit");
            }

            @Override
            public void sessionUsed(String operation, String outcome) {
                throw new IllegalStateException("session");
            }
        });

        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            redis.setSync("a", "1");
            assertThat(redis.getSync("a")).contains("1");
            // The end of a command is notified after its caller: a second one shows that the connection reads on.
            assertThat(redis.getSync("a")).contains("1");
            assertThat(redis.connectionStats().reconnects()).isZero();
            assertThatNoFeatureFails();
        } finally {
            System.setErr(before);
        }

        assertThat(log.toString(UTF_8)).containsOnlyOnce("The observer of a RedisManager failed; this is logged once");
    }

    private void assertThatNoFeatureFails() {
        assertThat(Cache.builder(redis, "names", String.class).build().get("1", key -> Optional.of("Ada")))
                .contains("Ada");
        assertThat(RateLimiter.slidingWindow(redis, "login", Limit.of(1, Duration.ofMinutes(1)))
                        .tryAcquire("ada")
                        .isAllowed())
                .isTrue();
        assertThat(SessionStore.create(redis).create("ada", Map.of()).user()).isEqualTo("ada");
    }

    @Test
    void countsStoredAndRemovedValues() {
        Cache<String> names = Cache.builder(redis, "names", String.class).build();
        names.get("1", key -> Optional.of("Ada"));
        names.put("2", "Bob");
        names.invalidate("2", "3");
        CacheStats stats = names.stats();
        assertThat(stats.puts()).isEqualTo(2);
        assertThat(stats.removals()).isEqualTo(1);
    }

    @Test
    void countsConnectionsAndReconnects() {
        assertThat(redis.connectionStats().up()).isTrue();
        assertThat(redis.connectionStats().connections()).isPositive();
        assertThat(redis.connectionStats().reconnects()).isZero();

        server.kill();
        await().atMost(PATIENCE).until(() -> !redis.connectionStats().up());
        server.restart();

        await().atMost(PATIENCE).until(() -> redis.connectionStats().up());
        assertThat(redis.connectionStats().reconnects()).isEqualTo(1);
    }

    @Test
    void hasNoConnectionsBeforeTheFirstUseAndAfterClose() {
        try (RedisManager unused = RedisManager.create(RedisSettings.of(server.url()))) {
            assertThat(unused.connectionStats().up()).isFalse();
            assertThat(unused.connectionStats().connections()).isZero();
        }
        redis.close();
        assertThat(redis.connectionStats().up()).isFalse();
    }
}
