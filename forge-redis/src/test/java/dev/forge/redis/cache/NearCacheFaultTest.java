package dev.forge.redis.cache;

import static dev.forge.redis.cache.NearCaches.KEYS;
import static dev.forge.redis.cache.NearCaches.bytes;
import static dev.forge.redis.cache.NearCaches.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.cache.Fetched;
import dev.forge.redis.internal.cache.NearCache;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The bound on staleness under faults: readers behind a proxy that injects network faults, and a writer that bypasses
 * the proxy. {@code -Dforge.promises=long} runs a minute for each bound.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@Tag("slow")
class NearCacheFaultTest {

    private static final Duration RUN = Duration.ofSeconds(Promises.count(5, 60));
    private static final int LEAST_FAULTS = Promises.count(8, 80);
    private static final int NAMES = 8;
    private static final int READERS = 2;

    private final Versions[] versions = new Versions[NAMES];
    private final AtomicBoolean done = new AtomicBoolean();
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final AtomicLong stalest = new AtomicLong();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    @Test
    void isNeverStalerThanAQuarterOfASecond() {
        breakEverything(Duration.ofMillis(250));
    }

    @Test
    void isNeverStalerThanASecond() {
        breakEverything(Duration.ofSeconds(1));
    }

    private void breakEverything(Duration most) {
        long seed = System.nanoTime();
        for (int i = 0; i < NAMES; i++) {
            versions[i] = new Versions();
        }
        List<Thread> threads = new ArrayList<>();
        int faults;
        long bypasses;
        try (EmbeddedRedis server = EmbeddedRedis.start();
                FaultProxy proxy = FaultProxy.to(server.port());
                RedisManager redis = RedisManager.create(RedisSettings.builder(proxy.url())
                        .nearMaxStaleness(most)
                        .socketTimeout(Duration.ofSeconds(2))
                        .build());
                RedisManager beside = RedisManager.create(RedisSettings.builder(server.url())
                        .socketTimeout(Duration.ofSeconds(1))
                        .build())) {
            NearCache<String> near = new NearCache<>(CoreAccess.coreOf(redis), KEYS, 1_000, false, 0, key -> false);
            NearCaches.awaitTrust(redis);
            threads.add(started("writer", () -> write(beside)));
            for (int i = 0; i < READERS; i++) {
                threads.add(started("reader", () -> read(near, most.toNanos())));
            }
            NearFaults nemesis = new NearFaults(server, proxy, versions, most, new Random(seed));
            long end = System.nanoTime() + RUN.toNanos();
            for (faults = 0; System.nanoTime() < end || faults < LEAST_FAULTS; faults++) {
                nemesis.next(faults);
            }
            done.set(true);
            threads.forEach(NearCacheFaultTest::join);
            bypasses = near.bypasses();
        } finally {
            done.set(true);
        }

        System.out.printf(
                "faults: bound %d ms, %d faults, %,d reads (%,d a second), %,d writes, %,d past the near cache,"
                        + " stalest %d ms, %d violations (seed %d)%n",
                most.toMillis(),
                faults,
                reads.sum(),
                reads.sum() / RUN.toSeconds(),
                writes.sum(),
                bypasses,
                stalest.get() / 1_000_000,
                violations.size(),
                seed);
        assertThat(violations).isEmpty();
        assertThat(reads.sum()).isPositive();
        assertThat(writes.sum()).isPositive();
    }

    private void write(RedisManager redis) {
        for (int i = 0; !done.get(); i = (i + 1) % NAMES) {
            int version = versions[i].begin();
            if (version >= Versions.MOST - 1) {
                return;
            }
            try {
                SyncCore.of(redis).setBytes(KEYS.key("k" + i), bytes(String.valueOf(version)), Duration.ofMinutes(10));
                versions[i].end();
                writes.increment();
            } catch (RedisFailure failure) {
                // The write may or may not have happened.
            }
            Promises.pause(Duration.ofMillis(1));
        }
    }

    private void read(NearCache<String> near, long most) {
        while (!done.get()) {
            int name = ThreadLocalRandom.current().nextInt(NAMES);
            long wipes = versions[name].wipes();
            long there = versions[name].thereSince();
            long asked = System.nanoTime();
            Held<String> held = near.get("k" + name);
            Optional<String> value;
            if (held != null) {
                value = held.value();
            } else {
                try {
                    Fetched<String> fetched =
                            near.fetch(NearCaches.key("k" + name)).join();
                    value = text(fetched.bytes());
                    NearCaches.keep(near, fetched);
                } catch (CompletionException failure) {
                    Promises.pause(Duration.ofMillis(1));
                    continue;
                }
            }
            reads.increment();
            if (value.isPresent()) {
                check(name, Integer.parseInt(value.get()), asked, most);
            } else if (there != 0 && there < asked - most && versions[name].wipes() == wipes) {
                violated(name, "was read as missing");
            }
        }
    }

    private void check(int name, int version, long asked, long most) {
        if (!versions[name].hasStarted(version)) {
            violated(name, "had a version before it was written");
        }
        long supersededAt = versions[name].supersededAt(version);
        long staleness = supersededAt == 0 ? 0 : asked - supersededAt;
        if (staleness > stalest.get()) {
            stalest.accumulateAndGet(staleness, Math::max);
        }
        if (staleness > most) {
            violated(name, "was " + staleness / 1_000_000 + " ms stale");
        }
    }

    private void violated(int name, String how) {
        // A hundred violations are enough for a report.
        if (violations.size() < 100) {
            violations.add("k" + name + " " + how);
        }
    }

    private static Thread started(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void join(Thread thread) {
        try {
            thread.join(Promises.PATIENCE.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(thread.isAlive()).isFalse();
    }
}
