package dev.forge.redis.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisLogin;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CredentialLookupTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    private final Scheduler scheduler = new Scheduler();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Queue<Thread> askers = new ConcurrentLinkedQueue<>();
    private final CredentialLookup hanging = lookup(SHORT, () -> {
        boolean interrupted = false;
        while (release.getCount() > 0) {
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return "late " + interrupted;
    });

    @AfterEach
    void stop() {
        release.countDown();
        scheduler.close();
        await().atMost(Promises.PATIENCE).until(() -> askers.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void asksOnADaemonThreadOfItsOwn() {
        assertThat(lookup(() -> "secret").ask()).succeedsWithin(Promises.PATIENCE);

        assertThat(askers).singleElement().satisfies(thread -> {
            assertThat(thread.getName()).startsWith("forge-redis-login-");
            assertThat(thread.isDaemon()).isTrue();
        });
    }

    @Test
    void sharesALookupUnderWay() {
        assertThat(hanging.ask()).isSameAs(hanging.ask());
    }

    @Test
    void asksAgainAfterALookupThatDoesNotReturn() {
        CompletableFuture<Credentials> first = hanging.ask();
        assertThat(first)
                .failsWithin(Promises.PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("the password was not supplied within 100 ms");

        CompletableFuture<Credentials> second = hanging.ask();

        assertThat(second).isNotSameAs(first);
        await().until(() -> askers.size() == 2);
    }

    @Test
    void limitsConcurrentLookups() {
        for (int i = 0; i < BoundedLookup.MOST_UNANSWERED; i++) {
            assertThat(hanging.ask()).failsWithin(Promises.PATIENCE);
        }
        assertThat(hanging.ask())
                .failsWithin(Promises.PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("the password was requested 3 times, and no request has returned");
        assertThat(askers).hasSize(BoundedLookup.MOST_UNANSWERED);

        release.countDown();

        await().atMost(Promises.PATIENCE).until(() -> !hanging.ask().isCompletedExceptionally());
        assertThat(hanging.ask()).succeedsWithin(Promises.PATIENCE);
    }

    @Test
    void interruptsALookupThatTakesTooLong() {
        CredentialLookup sleeping = lookup(SHORT, () -> {
            try {
                release.await();
                return "secret";
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(sleeping.ask()).failsWithin(Promises.PATIENCE);

        await().atMost(Promises.PATIENCE).until(() -> askers.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void closingEndsTheLookupUnderWayAndInterruptsIt() {
        CredentialLookup sleeping = lookup(() -> {
            try {
                release.await();
                return "secret";
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        CompletableFuture<Credentials> answer = sleeping.ask();
        await().until(() -> askers.size() == 1);

        sleeping.close();

        assertThat(answer).isCompletedExceptionally();
        assertThat(sleeping.ask()).isCompletedExceptionally();
        await().atMost(Promises.PATIENCE).until(() -> askers.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void failsWithTheExceptionOfTheProvider() {
        CredentialLookup failing = lookup(() -> {
            throw new AssertionError("not really");
        });

        assertThat(failing.ask())
                .failsWithin(Promises.PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("not really");
    }

    @Test
    void returnsTheLastPasswordWithoutWaitingAndAsksForTheNext() {
        Queue<String> tokens = new ConcurrentLinkedQueue<>();
        tokens.add("first");
        tokens.add("second");
        CredentialLookup lookup = lookup(tokens::remove);
        assertThatIllegalStateException().isThrownBy(lookup::latest);
        await().until(tokens::size, left -> left == 1);
        await().untilAsserted(() -> assertThat(lookup.latest().password()).isEqualTo("first".toCharArray()));

        lookup.latest();

        await().untilAsserted(() -> assertThat(lookup.latest().password()).isEqualTo("second".toCharArray()));
    }

    private CredentialLookup lookup(Supplier<String> provider) {
        return lookup(Promises.PATIENCE, provider);
    }

    private CredentialLookup lookup(Duration patience, Supplier<String> provider) {
        return new CredentialLookup(
                RedisLogin.ofProvider(null, () -> {
                    askers.add(Thread.currentThread());
                    return provider.get();
                }),
                patience,
                scheduler);
    }
}
