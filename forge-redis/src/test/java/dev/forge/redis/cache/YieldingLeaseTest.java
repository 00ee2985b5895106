package dev.forge.redis.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Entry;
import dev.forge.redis.internal.cache.LeaseWait;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Leases of look-ups in transactions, for which no one waits. Two managers represent two processes. */
class YieldingLeaseTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final LookupOptions IN_TRANSACTION = LookupOptions.NONE.yielding();

    /** Much shorter than the TTL of a lease. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private RedisManager here;
    private RedisManager there;

    @BeforeEach
    void connect() {
        here = RedisManager.create(RedisSettings.of(SERVER.url()));
        there = RedisManager.create(RedisSettings.of(SERVER.url()));
        here.getSyncClient().flushall();
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private static CacheBuilder<String> builder(RedisManager redis) {
        return Cache.builder(redis, "texts", String.class);
    }

    private static Cache<String> cache(RedisManager redis) {
        return builder(redis).build();
    }

    private static CacheMiss<String> miss(CacheLookup<String> found) {
        assertThat(found).isInstanceOf(CacheMiss.class);
        return (CacheMiss<String>) found;
    }

    private interface Load {
        String load(Cache<String> cache);
    }

    static Stream<Arguments> loads() {
        return Stream.<Map.Entry<String, Load>>of(
                        Map.entry(
                                "get",
                                cache -> cache.get("1", key -> Optional.of("another"))
                                        .orElseThrow()),
                        Map.entry(
                                "getAsync",
                                cache -> cache.getAsync("1", key -> Optional.of("another"))
                                        .join()
                                        .orElseThrow()),
                        Map.entry(
                                "getAll",
                                cache -> cache.getAll(List.of("1"), keys -> Map.of("1", "another"))
                                        .getOrDefault("1", "")),
                        Map.entry("lookup", cache -> {
                            assertThat(miss(cache.lookup("1")).store("another")).isTrue();
                            return "another";
                        }))
                .map(each -> Arguments.argumentSet(each.getKey(), each.getValue()));
    }

    @ParameterizedTest
    @MethodSource("loads")
    void noOneWaitsForATransactionAndItsValueIsNotStoredAfterAnother(Load load) {
        CacheMiss<String> inTransaction = miss(cache(here).lookup("1", IN_TRANSACTION));
        Cache<String> other = cache(there);

        long since = System.nanoTime();
        assertThat(load.load(other)).isEqualTo("another");

        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(AT_ONCE);
        assertThat(other.stats().waits()).isZero();
        assertThat(other.stats().unreadable()).isZero();
        assertThat(inTransaction.store("of the transaction")).isFalse();
        assertThat(cache(here).getIfPresent("1")).contains("another");
    }

    @Test
    void theValueIsStoredIfNoOneHasTakenTheLease() {
        CacheMiss<String> first = miss(cache(here).lookup("1", IN_TRANSACTION));
        CacheMiss<String> second =
                miss(cache(here).lookupAsync("2", IN_TRANSACTION).join());

        assertThat(first.store("one")).isTrue();
        assertThat(second.store("two")).isTrue();
        assertThat(cache(there).lookup("1", IN_TRANSACTION)).isEqualTo(new CacheLookup.Hit<>("one"));
        assertThat(cache(there).getIfPresent("2")).contains("two");
    }

    @Test
    void aTransactionLeavesTheLeaseOfAnother() {
        CacheMiss<String> first = miss(cache(here).lookup("1", IN_TRANSACTION));
        CacheMiss<String> second = miss(cache(there).lookup("1", IN_TRANSACTION));

        assertThat(second.store("second")).isFalse();
        second.close();

        assertThat(first.store("first")).isTrue();
    }

    @Test
    void aTransactionDoesNotWaitForAnother() {
        CacheMiss<String> first = miss(cache(here).lookup("1", IN_TRANSACTION));

        long since = System.nanoTime();
        miss(cache(there).lookup("1", IN_TRANSACTION.waitingFor(PATIENCE))).close();

        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(AT_ONCE);
        first.close();
    }

    @Test
    void aClosedMissLeavesTheLeaseToTheNextTransaction() {
        miss(cache(here).lookup("1", IN_TRANSACTION)).close();
        await().atMost(AT_ONCE).until(() -> cache(here).explain("1").state() == Explanation.State.NOTHING);

        assertThat(miss(cache(there).lookup("1", IN_TRANSACTION)).store("second"))
                .isTrue();
    }

    @Test
    void itIsRenewedAndYieldsAfterThatToo() {
        CacheMiss<String> stays = miss(cache(here).lookup("1", IN_TRANSACTION));
        CacheMiss<String> goes = miss(cache(here).lookup("2", IN_TRANSACTION));
        await().during(Duration.ofMillis(2_500))
                .atMost(PATIENCE)
                .until(() -> cache(there).explain("1").state() == Explanation.State.LEASE);

        assertThat(miss(cache(there).lookup("2")).store("another")).isTrue();

        assertThat(stays.store("mine")).isTrue();
        assertThat(goes.store("mine")).isFalse();
    }

    @Test
    void takesALeaseThatHasEndedButNotOneThatLasts() {
        CacheMiss<String> lasting = miss(cache(there).lookup("1"));
        assertThat(miss(cache(here).lookup("1", IN_TRANSACTION)).store("mine")).isFalse();

        lasting.close();
        await().atMost(AT_ONCE).until(() -> cache(here).explain("1").state() == Explanation.State.NOTHING);

        assertThat(miss(cache(here).lookup("1", IN_TRANSACTION)).store("mine")).isTrue();
    }

    @Test
    void anOldValueBesideItIsServedUntilAnotherReplacesIt() {
        Cache<String> cache = builder(here).staleFor(Duration.ofMinutes(1)).build();
        cache.put("1", "old");
        here.getSyncClient().pexpire("texts::1", 30_000);

        CacheMiss<String> first = miss(cache.lookup("1", IN_TRANSACTION));
        assertThat(cache.lookup("1", IN_TRANSACTION)).isEqualTo(new CacheLookup.Hit<>("old"));
        CacheMiss<String> second = miss(cache.lookup("1"));
        assertThat(cache.lookup("1")).isEqualTo(new CacheLookup.Hit<>("old"));

        assertThat(first.store("first")).isFalse();
        assertThat(second.store("second")).isTrue();
    }

    @Test
    void aFenceEndsItAndKeepsTheOldValueBesideIt() {
        Cache<String> cache = builder(here).staleFor(Duration.ofMinutes(1)).build();
        cache.put("1", "old");
        here.getSyncClient().pexpire("texts::1", 30_000);
        CacheMiss<String> miss = miss(cache.lookup("1", IN_TRANSACTION));

        CacheFence<String> fence = cache.fence(List.of("1"));
        assertThat(miss.store("read before the commit")).isFalse();
        fence.rollBack();

        assertThat(cache.peek("1")).isInstanceOf(CacheMiss.class);
        assertThat(cache.get("1", key -> Optional.of("new"))).contains("old");
    }

    @Test
    void aLookUpThatWaitsGetsTheValueOfAnother() {
        CacheMiss<String> other = miss(cache(there).lookup("1"));
        var waiting = cache(here).lookupAsync("1", IN_TRANSACTION.waitingFor(PATIENCE));

        assertThat(other.store("theirs")).isTrue();

        assertThat(waiting).succeedsWithin(PATIENCE).isEqualTo(new CacheLookup.Hit<>("theirs"));
    }

    @Test
    void aLookUpThatWaitsIsAMissAfterItsTime() {
        awaitTracking(here);
        putLease(0, Duration.ofMillis(1_900));

        long since = System.nanoTime();
        CacheMiss<String> mine = miss(cache(here).lookup("1", IN_TRANSACTION.waitingFor(Duration.ofMillis(300))));

        assertThat(Duration.ofNanos(System.nanoTime() - since)).isBetween(Duration.ofMillis(250), AT_ONCE);
        assertThat(mine.store("mine")).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> IN_TRANSACTION.waitingFor(Duration.ofMillis(-1)));
    }

    /** A caller that waits for a load may find that a transaction has the lease by now. */
    @Test
    void aWaitEndsWhenATransactionHasTheLease() {
        awaitTracking(here);
        putLease(Entry.YIELDS, Duration.ofSeconds(2));
        CacheKey key = CacheKey.of(new Keyspace("texts"), "1");

        assertThat(new LeaseWait(CoreAccess.coreOf(here)).change(key, PATIENCE.toMillis(), 5))
                .succeedsWithin(AT_ONCE);
    }

    /** What a release does that does not know the flag of a lease: so may one of before this flag. */
    @Test
    void aLeaseWithAnUnknownFlagIsReplacedAtOnce() {
        putLease(2, Duration.ofSeconds(2));

        long since = System.nanoTime();
        assertThat(cache(there).get("1", key -> Optional.of("new"))).contains("new");

        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(AT_ONCE);
        assertThat(cache(here).getIfPresent("1")).contains("new");
    }

    /** Puts a lease of a process that does not renew it. */
    private void putLease(int flags, Duration left) {
        byte[] token = "0123456789abcdef".getBytes(ISO_8859_1);
        byte[] lease = Leased.entry(flags, token, System.currentTimeMillis() + left.toMillis(), 0, new byte[0]);
        CoreAccess.coreOf(here).setBytes("texts::1", lease, left).join();
    }

    /** Waits until Redis tells {@code redis} which keys change, so that waiting for a lease does not poll. */
    private static void awaitTracking(RedisManager redis) {
        await().atMost(PATIENCE).until(() -> CoreAccess.coreOf(redis).tracking().epochOf("texts::1") != null);
    }
}
