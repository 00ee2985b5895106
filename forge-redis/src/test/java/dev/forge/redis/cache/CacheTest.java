package dev.forge.redis.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.cache.observe.CacheStats;
import dev.forge.redis.codec.Codec;
import dev.forge.redis.codec.CodecException;
import dev.forge.redis.codec.JsonCodec;
import dev.forge.redis.internal.cache.Entry;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CacheTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private record User(long id, String name) {}

    private static final User ADA = new User(1, "Ada");

    private RedisManager redis;
    private Cache<User> users;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        users = Cache.builder(redis, "user", User.class)
                .ttl(Duration.ofMinutes(5))
                .build();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void loadsAMissingValueOnce() {
        AtomicInteger loads = new AtomicInteger();
        Loader<User> loader = key -> {
            loads.incrementAndGet();
            return Optional.of(ADA);
        };

        assertThat(users.get("1", loader)).contains(ADA);
        assertThat(users.get("1", loader)).contains(ADA);
        assertThat(users.getAsync("1", loader).join()).contains(ADA);

        assertThat(loads).hasValue(1);
        CacheStats stats = users.stats();
        assertThat(stats.hits()).isEqualTo(2);
        assertThat(stats.misses()).isEqualTo(1);
        assertThat(stats.loads()).isEqualTo(1);
        assertThat(stats.redisFailures()).isZero();
    }

    @Test
    void loadsOnceForAllCallersInTheProcess() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch everybodyAsked = new CountDownLatch(32);
        Loader<User> loader = key -> {
            loads.incrementAndGet();
            everybodyAsked.await();
            return Optional.of(ADA);
        };
        ExecutorService callers = Executors.newFixedThreadPool(32);
        List<Future<Optional<User>>> answers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            boolean async = i % 2 == 0;
            answers.add(callers.submit(() -> {
                everybodyAsked.countDown();
                return async ? users.getAsync("1", loader).join() : users.get("1", loader);
            }));
        }

        for (Future<Optional<User>> answer : answers) {
            assertThat(answer.get()).contains(ADA);
        }
        callers.shutdown();

        assertThat(loads).hasValue(1);
    }

    @Test
    void keepsAValueForItsTtl() {
        users.get("1", key -> Optional.of(ADA));

        assertThat(redis.getSyncClient().pttl("user::1")).isBetween(280_000L, 300_000L);
    }

    @Test
    void removesInvalidatedValues() {
        users.put("1", ADA);
        users.put("2", ADA);

        assertThat(users.invalidate("1", "missing")).isEqualTo(1);

        assertThat(users.getIfPresent("1")).isEmpty();
        assertThat(users.getIfPresent("2")).contains(ADA);
    }

    @Test
    void neverStoresALoadThatBeganBeforeAnInvalidation() {
        Optional<User> old = users.get("1", key -> {
            users.invalidate("1");
            return Optional.of(ADA);
        });

        assertThat(old).contains(ADA);
        assertThat(users.getIfPresent("1")).isEmpty();
        assertThat(users.stats().rejectedStores()).isEqualTo(1);
    }

    @Test
    void neverStoresALoadThatBeganBeforeAForeignDeletionOrWrite() {
        users.get("1", key -> {
            redis.getSyncClient().del("user::1");
            return Optional.of(ADA);
        });
        users.get("2", key -> {
            redis.getSyncClient().set("user::2", "foreign");
            return Optional.of(ADA);
        });
        users.getAll(List.of("3"), keys -> {
            redis.getSyncClient().del("user::3");
            return Map.of("3", ADA);
        });
        users.getAsync("4", key -> {
                    redis.getSyncClient().del("user::4");
                    return Optional.of(ADA);
                })
                .join();

        assertThat(redis.getSyncClient().keys("user::*")).containsExactly("user::2");
        assertThat(redis.getSync("user::2")).contains("foreign");
    }

    @Test
    void doesNotLetACallerAfterAnInvalidationJoinALoadFromBeforeIt() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Optional<User>> before = users.getAsync("1", key -> {
            loading.countDown();
            release.await();
            return Optional.of(ADA);
        });
        loading.await();
        users.invalidate("1");

        Optional<User> after = users.get("1", key -> Optional.of(new User(1, "Augusta")));
        release.countDown();

        assertThat(before.join()).contains(ADA);
        assertThat(after).contains(new User(1, "Augusta"));
        assertThat(users.getIfPresent("1")).contains(new User(1, "Augusta"));
    }

    @Test
    void interruptingOneWaiterDoesNotAffectTheOthers() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Optional<User>> loading = users.getAsync("1", key -> {
            release.await();
            return Optional.of(ADA);
        });
        Thread waiting = new Thread(() -> users.get("1", key -> Optional.empty()));
        waiting.setUncaughtExceptionHandler((thread, interrupted) -> {});
        waiting.start();
        await().until(() -> users.stats().joins() == 1);

        waiting.interrupt();
        waiting.join();
        CompletableFuture<Optional<User>> joining = users.getAsync("1", key -> Optional.empty());
        release.countDown();

        assertThat(loading.join()).contains(ADA);
        assertThat(joining.join()).contains(ADA);
    }

    @Test
    void returnsAValueThatCannotBeWrittenAndDoesNotStoreIt() {
        Cache<String> texts = Cache.builder(redis, "texts", new Codec<String>() {
                    @Override
                    public byte[] encode(String value) {
                        if (value.equals("knot")) {
                            throw new CodecException("cannot write a knot");
                        }
                        return value.getBytes(UTF_8);
                    }

                    @Override
                    public String decode(byte[] bytes) {
                        return new String(bytes, UTF_8);
                    }
                })
                .build();

        assertThat(texts.get("1", key -> Optional.of("knot"))).contains("knot");
        assertThat(texts.getAll(List.of("1", "2"), keys -> Map.of("1", "knot", "2", "text")))
                .containsOnly(Map.entry("1", "knot"), Map.entry("2", "text"));
        assertThat(texts.stats().unstorable()).isEqualTo(2);
        assertThat(texts.explain("1").lastUnstorable()).isEqualTo("cannot write a knot");
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> texts.put("1", "knot"));

        assertThat(texts.get("1", key -> Optional.of("text"))).contains("text");
        assertThat(texts.getIfPresent("1")).contains("text");
    }

    @Test
    void givesTheLeaseUpWhenALoadFails() {
        assertThatThrownBy(() -> users.get("1", key -> {
                    throw new IllegalArgumentException("no such table");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such table");
        assertThatExceptionOfType(CacheLoadException.class)
                .isThrownBy(() -> users.get("1", key -> {
                    throw new IOException("no network");
                }))
                .withCauseInstanceOf(IOException.class);

        assertThatThrownBy(() -> users.getAll(List.of("1", "2"), keys -> {
                    throw new IOException("no network");
                }))
                .isInstanceOf(CacheLoadException.class);

        assertThat(users.get("1", key -> Optional.of(ADA))).contains(ADA);
        assertThat(users.getIfPresent("1")).contains(ADA);
    }

    @Test
    void cachesAbsenceOnlyIfConfigured() {
        // Loaded and connected before the TTL begins: that can take longer than the TTL.
        var direct = redis.getSyncClient();
        AtomicInteger loads = new AtomicInteger();
        Loader<User> absent = key -> {
            loads.incrementAndGet();
            return Optional.empty();
        };
        Cache<User> remembering = Cache.builder(redis, "absent", User.class)
                .cacheAbsence(Duration.ofSeconds(30))
                .build();

        users.get("9", absent);
        users.get("9", absent);
        remembering.get("9", absent);
        remembering.get("9", absent);

        assertThat(loads).hasValue(3);
        assertThat(direct.exists("user::9")).isZero();
        assertThat(direct.pttl("absent::9")).isBetween(20_000L, 30_000L);
    }

    @Test
    void treatsUnreadableEntriesAsMissingAndReplacesThem() {
        for (String garbage : List.of("", "{\"id\":1}", "\u0000\u0001", "garbage")) {
            redis.setSync("user::1", garbage);

            assertThat(users.get("1", key -> Optional.of(ADA))).contains(ADA);
            assertThat(users.getIfPresent("1")).contains(ADA);
        }
        SyncCore.of(redis)
                .setBytes(
                        "user::1",
                        Entry.value(
                                "{\"id\":\"x\"}".getBytes(UTF_8),
                                false,
                                JsonCodec.of(User.class).fingerprint(),
                                0,
                                null),
                        Duration.ofMinutes(1));
        assertThat(users.get("1", key -> Optional.of(ADA))).contains(ADA);
        assertThat(users.stats().unreadable()).isEqualTo(5);
    }

    @Test
    void fetchesManyKeysInOneRoundTripAndLoadsTheMissingOnesOnce() {
        users.put("1", ADA);
        List<Set<String>> asked = new ArrayList<>();

        Map<String, User> found = users.getAll(List.of("3", "1", "2", "1"), missing -> {
            asked.add(missing);
            return Map.of("2", new User(2, "Bob"), "unasked", ADA);
        });

        assertThat(found).containsExactly(Map.entry("1", ADA), Map.entry("2", new User(2, "Bob")));
        assertThat(asked).containsExactly(Set.of("3", "2"));
        assertThat(users.getIfPresent("2")).contains(new User(2, "Bob"));
        assertThat(redis.getSyncClient().keys("*")).containsExactlyInAnyOrder("user::1", "user::2");
        assertThat(users.getAllAsync(List.of(), missing -> Map.of()).join()).isEmpty();
    }

    @Test
    void letsCallersOfOneKeyJoinABulkLoad() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Map<String, User>> many = users.getAllAsync(List.of("1", "2"), keys -> {
            loading.countDown();
            release.await();
            return Map.of("1", ADA);
        });
        loading.await();
        CompletableFuture<Optional<User>> one = users.getAsync("1", key -> Optional.empty());
        CompletableFuture<Optional<User>> absent = users.getAsync("2", key -> Optional.of(ADA));
        CompletableFuture<Map<String, User>> more = users.getAllAsync(List.of("1"), keys -> Map.of());
        await().until(() -> users.stats().joins() == 3);

        release.countDown();

        assertThat(many.get()).isEqualTo(Map.of("1", ADA));
        assertThat(one.get()).contains(ADA);
        assertThat(absent.get()).isEmpty();
        assertThat(more.get()).isEqualTo(Map.of("1", ADA));
        assertThat(users.stats().loads()).isEqualTo(1);
    }

    @Test
    void invalidatesOnlyMatchingKeys() {
        for (String user : List.of("1", "10", "1*", "*")) {
            users.put(RedisKey.of(user, "profile"), ADA);
            users.put(RedisKey.of(user, "settings"), ADA);
        }
        redis.setSync("user:1:foreign", "v");

        long removed = users.invalidateMatching(KeyPattern.of("{}:*", RedisKey.of("1*")));

        assertThat(removed).isEqualTo(2);
        assertThat(users.getIfPresent(RedisKey.of("1*", "profile"))).isEmpty();
        assertThat(users.getIfPresent(RedisKey.of("1", "profile"))).contains(ADA);
        assertThat(users.getIfPresent(RedisKey.of("10", "profile"))).contains(ADA);
        assertThat(users.clear()).isEqualTo(6);
        assertThat(redis.getSync("user:1:foreign")).contains("v");
    }

    @Test
    void keepsApartFromACacheWithALongerName() {
        Cache<User> profiles = Cache.builder(redis, "user:profile", User.class).build();
        profiles.put("1", ADA);
        users.put("profile:1", ADA);

        users.clear();

        assertThat(profiles.getIfPresent("1")).contains(ADA);
    }

    @Test
    void refusesALoaderThatWaitsForItself() {
        assertThatIllegalStateException()
                .isThrownBy(() -> users.get("1", key -> users.get(key, again -> Optional.of(ADA))))
                .withMessageContaining("a loader of the cache user asked it for the key that it was loading");
        assertThat(users.get("1", key -> users.get("2", other -> Optional.of(ADA))))
                .contains(ADA);
    }

    @Test
    void refusesABulkLoaderThatWaitsForItself() {
        assertThatIllegalStateException()
                .isThrownBy(() -> users.getAll(
                        List.of("1", "2"),
                        keys -> Map.of(
                                "1", users.get("1", key -> Optional.of(ADA)).orElseThrow())))
                .withMessageContaining("asked it for the key that it was loading");
    }

    @Test
    void keepsCallersFromWaitingForALookUpThatCouldNotBegin() {
        String tooLong = "k".repeat(2000);

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> users.getAsync(tooLong, key -> Optional.of(ADA)))
                    .withMessageStartingWith("key must have at most 1024 bytes");
        }
    }

    @Test
    void refusesATtlThatRedisCannotKeep() {
        CacheBuilder<User> builder = Cache.builder(redis, "user", User.class);

        assertThatIllegalArgumentException().isThrownBy(() -> builder.ttl(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.ttl(Duration.ofDays(4000)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.cacheAbsence(Duration.ofNanos(1)));
    }

    @Test
    void runsNoLoaderOnAnIoThread() {
        String thread = users.getAsync(
                        "1",
                        key -> Optional.of(new User(1, Thread.currentThread().getName())))
                .join()
                .orElseThrow()
                .name();

        assertThat(thread).doesNotStartWith("forge-redis-");
    }
}
