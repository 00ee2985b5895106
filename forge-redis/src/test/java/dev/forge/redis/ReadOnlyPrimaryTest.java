package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that takes no writes is replaced once there is another, and no read fails meanwhile. */
class ReadOnlyPrimaryTest {

    private static final Duration OBSERVED = Duration.ofSeconds(3);
    private static final int BURST = 200;

    private EmbeddedRedis primary;
    private EmbeddedRedis replica;
    private FaultProxy proxy;

    @BeforeEach
    void start() {
        primary =
                EmbeddedRedis.builder().option("repl-diskless-sync-delay", "0").start();
        replica = EmbeddedRedis.builder()
                .user("reader", "secret", "~*", "+@all", "-role")
                .option("replicaof", "127.0.0.1", String.valueOf(primary.port()))
                .start();
        proxy = FaultProxy.to(replica.port());
        primary.command("SET", "key", "value");
        await().atMost(Promises.PATIENCE)
                .until(() -> replica.command("GET", "key").equals("value"));
    }

    @AfterEach
    void stop() {
        proxy.close();
        replica.close();
        primary.close();
    }

    @Test
    void failsNoReadWhileTheServerTakesNoWrites() {
        try (RedisManager redis = connected(proxy.url());
                Traffic traffic = new Traffic(redis)) {
            long before = proxy.accepted();
            traffic.runFor(OBSERVED);

            assertThat(traffic.failedReads).isEmpty();
            assertThat(traffic.reads.sum()).isPositive();
            assertThat(traffic.refusedWrites.sum()).isPositive();
            assertThat(traffic.otherwiseFailedWrites).isEmpty();
            assertThat(proxy.accepted() - before)
                    .isBetween(1L, OBSERVED.toSeconds() + 1 + redis.settings().poolSize());
        }
    }

    @Test
    void failsNoReadWhereTheServerHidesThatItIsAReplica() {
        String url = proxy.url().replace("redis://", "redis://reader:secret@");
        try (RedisManager redis = connected(url);
                Traffic traffic = new Traffic(redis)) {
            traffic.runFor(OBSERVED);

            assertThat(traffic.failedReads).isEmpty();
            assertThat(traffic.reads.sum()).isPositive();
        }
    }

    @Test
    void followsTheAddressToTheNewPrimaryAndFailsNoRead() {
        try (RedisManager redis = connected(proxy.url());
                Traffic traffic = new Traffic(redis)) {
            traffic.runFor(Duration.ofMillis(500));
            proxy.target(primary.port());

            await().atMost(Duration.ofSeconds(4)).until(() -> traffic.writes.sum() > 0);
            traffic.runFor(Duration.ofMillis(500));

            assertThat(traffic.failedReads).isEmpty();
            assertThat(traffic.otherwiseFailedWrites).isEmpty();
        }
    }

    @Test
    void opensDirectConnectionsBesideTheNewConnectionToo() {
        try (RedisManager redis = connected(proxy.url())) {
            proxy.target(primary.port());
            await().ignoreExceptions().untilAsserted(() -> redis.setSync("key", "new"));

            await().atMost(Promises.PATIENCE).untilAsserted(() -> {
                assertThat(redis.getSync("key")).contains("new");
                assertThat(redis.connectionStats().connections()).isGreaterThan(1);
            });
        }
    }

    private static RedisManager connected(String url) {
        RedisManager redis = RedisManager.create(RedisSettings.of(url));
        redis.initializeSync();
        return redis;
    }

    /** Reads in bursts, so that several connections are opened, and also writes. */
    private static final class Traffic implements AutoCloseable {
        private final Queue<Throwable> failedReads = new ConcurrentLinkedQueue<>();
        private final Queue<Throwable> otherwiseFailedWrites = new ConcurrentLinkedQueue<>();
        private final LongAdder reads = new LongAdder();
        private final LongAdder writes = new LongAdder();
        private final LongAdder refusedWrites = new LongAdder();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final List<Thread> threads = new ArrayList<>();
        private final RedisManager redis;

        Traffic(RedisManager redis) {
            this.redis = redis;
            threads.add(new Thread(this::read));
            threads.add(new Thread(this::read));
            threads.add(new Thread(this::write));
            threads.forEach(Thread::start);
        }

        void runFor(Duration time) {
            Promises.pause(time);
        }

        private void read() {
            while (!stopped.get()) {
                List<CompletableFuture<Optional<String>>> burst = new ArrayList<>();
                for (int i = 0; i < BURST; i++) {
                    burst.add(redis.getAsync("key"));
                }
                for (CompletableFuture<Optional<String>> read : burst) {
                    Throwable failure = catchThrowable(read::join);
                    if (failure != null) {
                        failedReads.add(failure);
                    } else if (read.join().equals(Optional.of("value"))) {
                        reads.increment();
                    }
                }
                Promises.pause(Duration.ofMillis(1));
            }
        }

        private void write() {
            while (!stopped.get()) {
                Throwable failure = catchThrowable(() -> redis.setSync("written", "value"));
                if (failure == null) {
                    writes.increment();
                } else if (failure instanceof RedisRefusedException refused
                        && refused.reason() == RefusalReason.READONLY) {
                    refusedWrites.increment();
                } else {
                    otherwiseFailedWrites.add(failure);
                }
                Promises.pause(Duration.ofMillis(5));
            }
        }

        @Override
        public void close() {
            stopped.set(true);
            threads.forEach(Promises::join);
        }
    }
}
