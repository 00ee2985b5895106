package dev.forge.redis.internal.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.observe.ConnectionStats.TrackingState;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import dev.forge.redis.test.RedisExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TrackingTest {

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static final Duration STALENESS = Duration.ofMillis(500);

    private final Heard heard = new Heard();
    private FaultProxy proxy;
    private RedisManager redis;
    private Tracking tracking;

    @BeforeEach
    void connect() {
        proxy = FaultProxy.to(REDIS.server().port());
        redis = RedisManager.create(RedisSettings.builder(proxy.url())
                .keyPrefix("app:")
                .nearMaxStaleness(STALENESS)
                .socketTimeout(Duration.ofSeconds(5))
                .build());
        tracking = CoreAccess.coreOf(redis).tracking();
        tracking.listen(heard);
    }

    @AfterEach
    void close() {
        redis.close();
        proxy.close();
    }

    @Test
    void connectsOnFirstUse() {
        assertThat(tracking.state().kind()).isEqualTo(TrackingState.UNUSED);
        assertThat(proxy.accepted()).isZero();

        TrackingEpoch epoch = trusted();

        assertThat(epoch.isOver()).isFalse();
        assertThat(tracking.state().kind()).isEqualTo(TrackingState.LIVE);
    }

    @Test
    void isPartOfTheHealth() {
        trusted();

        Health live = redis.healthSync();

        assertThat(live)
                .isInstanceOfSatisfying(
                        Health.Up.class,
                        up -> assertThat(up.details().tracking()).isEqualTo("live"));
    }

    @Test
    void readsBytesAndTheirRemainingTtl() throws Exception {
        REDIS.server().command("SET", "app:k", "v", "PX", "50000");
        REDIS.server().command("SET", "app:endless", "v");
        long before = System.nanoTime();

        TrackedRead read = read("k");

        assertThat(read.bytes().map(bytes -> new String(bytes, UTF_8))).contains("v");
        assertThat(read.pttlMillis()).isBetween(1L, 50_000L);
        assertThat(read.sentAt()).isBetween(before, System.nanoTime());
        assertThat(read.isTracked()).isTrue();
        assertThat(read("endless").pttlMillis()).isEqualTo(TrackedRead.NO_END);
        assertThat(read("missing").pttlMillis()).isEqualTo(TrackedRead.NO_KEY);
    }

    @Test
    void reportsEveryChangeByAnyClient() throws Exception {
        String[][] changes = {
            {"SET", "app:k", "2"},
            {"DEL", "app:k"},
            {"SET", "app:k", "3"},
            {"EXPIRE", "app:k", "100"},
            {"RENAME", "app:k", "app:other"},
            {"EVAL", "redis.call('SET', KEYS[1], 'by script')", "1", "app:k"},
        };
        for (String[] change : changes) {
            read("k");
            heard.changed.clear();

            REDIS.server().command(change);

            await(change[0]).atMost(Promises.PATIENCE).until(() -> heard.changed.contains("k"));
        }
    }

    @Test
    void reportsTheCreationOfAMissingKey() throws Exception {
        assertThat(read("later").bytes()).isEmpty();

        REDIS.server().command("SET", "app:later", "v");

        await().atMost(Promises.PATIENCE).until(() -> heard.changed.contains("later"));
    }

    @Test
    void reportsAChangeBeforeALaterReplyArrives() throws Exception {
        for (int i = 0; i < 200; i++) {
            String key = "ordered:" + i;
            read(key);
            REDIS.server().command("SET", "app:" + key, "v");

            read("another");

            assertThat(heard.changed).contains(key);
        }
    }

    @Test
    void reportsNoChangeOutsideItsPrefix() throws Exception {
        // "ap" begins like the prefix, but does not have it.
        read("k");
        REDIS.server().command("SET", "app:k", "v");
        REDIS.server().command("SET", "ap", "v");
        await().atMost(Promises.PATIENCE).until(() -> heard.changed.contains("k"));

        assertThat(heard.changed).containsOnly("k");
    }

    @Test
    void beginsAnotherEpochWhenEverythingIsFlushed() throws Exception {
        TrackingEpoch before = trusted();
        read("k");

        REDIS.server().command("FLUSHALL");

        await().atMost(Promises.PATIENCE).until(before::isOver);
        assertThat(trusted()).isNotSameAs(before);
        assertThat(heard.everything.get()).isPositive();
    }

    @Test
    void endsTheEpochWhenTheConnectionIsLost() {
        TrackingEpoch before = trusted();

        proxy.reset();

        await().atMost(Promises.PATIENCE).until(before::isOver);
        assertThat(trusted()).isNotSameAs(before);
        assertThat(heard.everything.get()).isPositive();
    }

    /** Other connections work, so nothing else says that values in memory are no longer served. */
    @Test
    void logsThatTheServerAcceptsNoOtherConnection() {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        try (EmbeddedRedis server = EmbeddedRedis.builder()
                        .user("app", "old", "~*", "+@all")
                        .start();
                RedisManager other = RedisManager.create(RedisSettings.builder(server.url())
                        .login(RedisLogin.of("app", "old"))
                        .build())) {
            Tracking tracked = CoreAccess.coreOf(other).tracking();
            await().atMost(Promises.PATIENCE).until(() -> tracked.epochOf("k") != null);

            server.command("ACL", "SETUSER", "app", "resetpass", ">new");
            server.command("CLIENT", "KILL", "ID", trackingConnection(server));

            await().atMost(Promises.PATIENCE)
                    .until(() -> log.toString(UTF_8).contains("sends no invalidations, so the near cache is off: "));
            assertThat(log.toString(UTF_8)).contains("WRONGPASS").doesNotContain("was lost");
        } finally {
            System.setErr(before);
        }
    }

    private static String trackingConnection(EmbeddedRedis server) {
        return server.command("CLIENT", "LIST")
                .lines()
                .filter(line -> line.matches(".* flags=\\w*t\\w* .*"))
                .map(line -> line.replaceAll("^id=(\\d+) .*", "$1"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void trustsNothingWhileTheServerIsUnresponsive() {
        TrackingEpoch before = trusted();

        proxy.stall();
        Promises.pause(STALENESS);

        assertThat(before.isTrusted(System.nanoTime())).isFalse();
        assertThat(tracking.epochOf("k")).isNull();
        assertThat(tracking.state().kind()).isEqualTo(TrackingState.DEGRADED);
        proxy.heal();
        assertThat(trusted()).isNotSameAs(before);
    }

    @Test
    void neverTrustsAnEpochAgainAfterItsTrustHasLapsed() {
        TrackingEpoch before = trusted();

        // Too short for the connection to be given up.
        proxy.stall();
        Promises.pause(STALENESS.plusMillis(20));
        proxy.heal();
        TrackingEpoch after = trusted();

        assertThat(after).isNotSameAs(before);
        assertThat(before.isTrusted(System.nanoTime())).isFalse();
    }

    @Test
    void answersAReadFromAnotherConnectionWhenItsOwnIsLost() throws Exception {
        REDIS.server().command("SET", "app:k", "v");
        Promises.warmUp(redis);
        TrackingEpoch epoch = trusted();
        proxy.stall();
        var reading = tracking.read(epoch, "k");
        requireNonNull(epoch.pipeline()).close();
        // Until the thread that reads has noticed, it may still read the reply.
        await().atMost(Promises.PATIENCE).until(epoch::isOver);
        proxy.heal();

        TrackedRead read = reading.get(20, TimeUnit.SECONDS);

        assertThat(read.bytes()).isPresent();
        assertThat(read.isTracked()).isFalse();
    }

    @Test
    void completesAWatchWhenItsKeyChanges() throws Exception {
        TrackingEpoch epoch = trusted();
        try (KeyWatch watch = tracking.watch(epoch, "k").orElseThrow();
                KeyWatch other = tracking.watch(epoch, "other").orElseThrow()) {
            read("k");
            assertThat(watch.changed()).isNotDone();

            REDIS.server().command("SET", "app:k", "v");

            watch.changed().get(20, TimeUnit.SECONDS);
            assertThat(other.changed()).isNotDone();
        }
    }

    @Test
    void completesAWatchWhenTheEpochEnds() throws Exception {
        TrackingEpoch epoch = trusted();
        KeyWatch watch = tracking.watch(epoch, "k").orElseThrow();

        proxy.reset();

        watch.changed().get(20, TimeUnit.SECONDS);
        assertThat(tracking.watch(epoch, "k").orElseThrow().changed()).isDone();
    }

    @Test
    void completesAWatchWhenARedirectEndsTheEpoch() throws Exception {
        TrackingEpoch epoch = trusted();
        KeyWatch watch = tracking.watch(epoch, "k").orElseThrow();

        // As TrackedGet does when a reply says that the keys of this connection may be elsewhere.
        epoch.end();

        watch.changed().get(20, TimeUnit.SECONDS);
        assertThat(trusted()).isNotSameAs(epoch);
    }

    @Test
    void completesAWatchWhenTheManagerCloses() throws Exception {
        KeyWatch watch = tracking.watch(trusted(), "k").orElseThrow();

        redis.close();

        watch.changed().get(20, TimeUnit.SECONDS);
    }

    @Test
    void isOffWithTheReasonIfTheUserIsNotPermitted() {
        try (EmbeddedRedis server = EmbeddedRedis.builder()
                        .user("ada", "secret", "~*", "+@all", "-client", "+client|id")
                        .start();
                RedisManager limited = RedisManager.create(RedisSettings.builder(server.url())
                        .login(RedisLogin.of("ada", "secret"))
                        .build())) {
            assertThat(CoreAccess.coreOf(limited).tracking().epochOf("k")).isNull();

            await().atMost(Promises.PATIENCE)
                    .until(() ->
                            CoreAccess.coreOf(limited).tracking().state().text().matches("off: .*NOPERM.*"));
            assertThat(CoreAccess.coreOf(limited).tracking().epochOf("k")).isNull();
        }
    }

    private TrackingEpoch trusted() {
        return await().atMost(Promises.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> tracking.epochOf("k"), epoch -> epoch != null);
    }

    private TrackedRead read(String key) throws Exception {
        return tracking.read(trusted(), key).get(20, TimeUnit.SECONDS);
    }

    private static final class Heard implements Tracking.Listener {
        private final Queue<String> changed = new ConcurrentLinkedQueue<>();
        private final AtomicInteger everything = new AtomicInteger();

        @Override
        public void changed(String key) {
            changed.add(key);
        }

        @Override
        public void allChanged() {
            everything.incrementAndGet();
        }
    }
}
