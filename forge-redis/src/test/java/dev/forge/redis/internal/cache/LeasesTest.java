package dev.forge.redis.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeasesTest {

    private static final CacheKey KEY = new CacheKey("1", "cache::1");

    private final List<CacheKey> doubted = new CopyOnWriteArrayList<>();
    private EmbeddedRedis server;
    private RedisManager redis;
    private Leases leases;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start();
        redis = RedisManager.create(RedisSettings.of(server.url()));
        redis.initializeSync();
        RedisCore core = CoreAccess.coreOf(redis);
        LeaseStore store = new LeaseStore(core, Leases.TTL, new Outages("cache", new Counters()), doubted::add);
        leases = new Leases(store, core.bulkWindow(), Duration.ofSeconds(10), core.scheduler());
    }

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    @Test
    void doubtsALoadWhoseLeaseIsGone() {
        leases.keep(KEY, Entry.newToken());

        await().atMost(Promises.PATIENCE).until(() -> doubted.equals(List.of(KEY)));
    }

    /** The load has ended the lease itself, and the key may be loaded again. */
    @Test
    void doubtsNoLaterLoadIfARenewalComesTooLate() {
        Leases.Held held = leases.keep(KEY, Entry.newToken());
        server.freeze();
        await().atMost(Promises.PATIENCE).until(() -> redis.connectionStats().inFlight() > 0);

        leases.end(held);
        server.thaw();

        await().atMost(Promises.PATIENCE).until(() -> redis.connectionStats().inFlight() == 0);
        assertThat(doubted).isEmpty();
    }
}
