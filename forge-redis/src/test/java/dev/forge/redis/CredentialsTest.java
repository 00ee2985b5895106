package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The password is read at each connect, and a refused password is reported. */
class CredentialsTest {

    private static final Duration AT_ONCE = Duration.ofMillis(100);
    private static final Duration SLACK = Duration.ofMillis(400);

    @TempDir
    Path folder;

    private EmbeddedRedis server;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.builder().password("first").start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void reportsAChangedPasswordAtOnce() {
        try (RedisManager redis = manager(RedisLogin.of(null, "first"))) {
            Promises.warmUp(redis);
            changePassword("second");

            long start = System.nanoTime();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(Promises.PATIENCE)
                    .until(() -> catchThrowable(() -> redis.getSync("key")) instanceof RedisRefusedException refused
                            && refused.reason() == RefusalReason.WRONGPASS);
            Duration waited = Duration.ofNanos(System.nanoTime() - start);

            System.out.println("a wrong password is reported after " + waited.toMillis() + " ms");
            assertThat(waited).isLessThan(AT_ONCE.plus(SLACK));
        }
    }

    @Test
    void readsThePasswordFileAgain() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "first\n");
        try (RedisManager redis = manager(RedisLogin.ofFile(null, file))) {
            Promises.warmUp(redis);
            Files.writeString(file, "second\n");
            changePassword("second");

            assertBack(redis);
        }
    }

    @Test
    void callsTheProviderAtEachConnect() {
        AtomicReference<String> password = new AtomicReference<>("first");
        try (RedisManager redis = manager(RedisLogin.ofProvider(null, password::get))) {
            Promises.warmUp(redis);
            password.set("second");
            changePassword("second");

            assertBack(redis);
        }
    }

    @Test
    void keepsCallingAProviderThatFails() {
        AtomicReference<Supplier<String>> provider = new AtomicReference<>(() -> "first");
        try (RedisManager redis =
                manager(RedisLogin.ofProvider(null, () -> provider.get().get()))) {
            Promises.warmUp(redis);
            provider.set(() -> {
                throw new IllegalStateException("the vault is sealed");
            });
            changePassword("second");

            await().atMost(Promises.PATIENCE)
                    .until(() -> catchThrowable(() -> redis.getSync("key")) instanceof RedisUnavailableException failure
                            && failure.text().contains("the vault is sealed"));
            provider.set(() -> "second");
            assertBack(redis);
        }
    }

    @Test
    void callsABlockedProviderOnceAndDelaysNoOtherCall() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<Supplier<String>> provider = new AtomicReference<>(() -> "first");
        try (RedisManager redis =
                manager(RedisLogin.ofProvider(null, () -> provider.get().get()))) {
            Promises.warmUp(redis);
            provider.set(() -> {
                asked.incrementAndGet();
                Promises.await(release);
                return "second";
            });
            changePassword("second");
            await().atMost(Promises.PATIENCE).until(() -> asked.get() > 0);

            Duration longest = Duration.ZERO;
            for (int i = 0; i < 25; i++) {
                long start = System.nanoTime();
                assertThat(catchThrowable(() -> redis.setSync("key", "value"))).isInstanceOf(RedisFailure.class);
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                longest = waited.compareTo(longest) > 0 ? waited : longest;
                Promises.pause(Duration.ofMillis(100));
            }

            assertThat(longest).isLessThan(AT_ONCE.plus(SLACK));
            assertThat(asked).hasValue(1);
            release.countDown();
            assertBack(redis);
        } finally {
            release.countDown();
        }
    }

    @Test
    void closingEndsAnInitializationThatWaitsForThePassword() throws Exception {
        CompletableFuture<Thread> asked = new CompletableFuture<>();
        CountDownLatch never = new CountDownLatch(1);
        RedisManager redis = manager(RedisLogin.ofProvider(null, () -> {
            asked.complete(Thread.currentThread());
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "first";
        }));
        CompletableFuture<Void> initialized = redis.initializeAsync();
        Thread login = asked.get(Promises.PATIENCE.toSeconds(), TimeUnit.SECONDS);

        redis.close();

        assertThat(initialized)
                .failsWithin(Promises.PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("is closed");
        Promises.join(login);
        assertThat(login.isAlive()).isFalse();
    }

    private RedisManager manager(RedisLogin login) {
        return RedisManager.create(
                RedisSettings.builder(server.url()).login(login).build());
    }

    @Test
    void callsTheProviderForTheDirectClientOffTheConnectionThreads() {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        AtomicReference<String> password = new AtomicReference<>("first");
        RedisLogin login = RedisLogin.ofProvider(null, () -> {
            threads.add(Thread.currentThread().getName());
            return password.get();
        });
        try (RedisManager redis = manager(login)) {
            redis.getSyncClient().set("key", "value");
            changePassword("second");
            password.set("second");
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

            await().atMost(Promises.PATIENCE)
                    .ignoreExceptions()
                    .until(() -> redis.getSyncClient().get("key").equals("value"));

            assertThat(threads).hasSizeGreaterThan(1).allMatch(name -> name.startsWith("forge-redis-login-"));
        }
    }

    private void changePassword(String password) {
        server.command("CONFIG", "SET", "requirepass", password);
        server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    }

    private static void assertBack(RedisManager redis) {
        await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("key")) == null);
    }
}
