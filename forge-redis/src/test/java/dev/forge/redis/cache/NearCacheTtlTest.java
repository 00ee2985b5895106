package dev.forge.redis.cache;

import static dev.forge.redis.cache.NearCaches.KEYS;
import static dev.forge.redis.cache.NearCaches.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.cache.NearCache;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.FaultProxy;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Values that expire without an invalidation: Redis sends one for an expired key only when it removes the key. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NearCacheTtlTest {

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static final int KEYS_AT_ONCE = 20;
    private static final int ROUNDS = Promises.count(15, 300);
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void servesNoValueLongerThanRedisKeepsIt() throws Exception {
        REDIS.server().command("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long hits = 0;
        long latest = Long.MIN_VALUE;
        List<String> late = new ArrayList<>();
        try (FaultProxy proxy = FaultProxy.to(REDIS.server().port());
                RedisManager redis = RedisManager.create(RedisSettings.builder(proxy.url())
                        .nearMaxStaleness(Duration.ofSeconds(5))
                        .build());
                RedisManager writer = RedisManager.create(RedisSettings.of(REDIS.url()))) {
            NearCache<String> near = new NearCache<>(CoreAccess.coreOf(redis), KEYS, 10_000, false, 0, key -> false);
            NearCaches.awaitTrust(redis);
            // The TTL counts from before the request was sent, so a slow network must not lengthen it.
            proxy.latency(Duration.ofMillis(8));
            for (int round = 0; round < ROUNDS; round++) {
                long[] end = new long[KEYS_AT_ONCE];
                for (int i = 0; i < end.length; i++) {
                    long ttl = 60L + random.nextInt(200);
                    SyncCore.of(writer).setBytes(KEYS.key("ttl:" + i), bytes("v" + round), Duration.ofMillis(ttl));
                    end[i] = System.nanoTime() + (ttl + 1) * MILLISECOND;
                    near.forget(NearCaches.key("ttl:" + i));
                }
                List<CompletableFuture<Void>> fetches = new ArrayList<>();
                for (int i = 0; i < end.length; i++) {
                    fetches.add(near.fetch(NearCaches.key("ttl:" + i))
                            .thenAccept(fetched -> NearCaches.keep(near, fetched)));
                }
                CompletableFuture.allOf(fetches.toArray(CompletableFuture[]::new))
                        .get(20, TimeUnit.SECONDS);
                int left = KEYS_AT_ONCE;
                boolean[] gone = new boolean[KEYS_AT_ONCE];
                while (left > 0) {
                    for (int i = 0; i < end.length; i++) {
                        long asked = System.nanoTime();
                        Held<String> held = gone[i] ? null : near.get("ttl:" + i);
                        if (held != null && held.value().isPresent()) {
                            hits++;
                            latest = Math.max(latest, asked - end[i]);
                            if (asked > end[i]) {
                                late.add(held.value() + " " + (asked - end[i]) / MILLISECOND + " ms after its end");
                                gone[i] = true;
                                left--;
                            }
                        } else if (!gone[i] && asked > end[i]) {
                            gone[i] = true;
                            left--;
                        }
                    }
                }
            }
            System.out.printf(
                    "ttl: %,d values, %,d hits, the last %.1f ms before the end (seed %d)%n",
                    ROUNDS * KEYS_AT_ONCE, hits, -latest / 1e6, seed);
        }

        assertThat(late).isEmpty();
        assertThat(hits).isPositive();
    }
}
