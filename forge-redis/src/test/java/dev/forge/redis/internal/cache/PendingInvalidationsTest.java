package dev.forge.redis.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PendingInvalidationsTest {

    private final List<Collection<String>> deleted = new ArrayList<>();
    private CompletableFuture<Long> answer = CompletableFuture.completedFuture(1L);
    private final PendingInvalidations pending = new PendingInvalidations(
            keys -> {
                deleted.add(List.copyOf(keys));
                return answer;
            },
            PendingInvalidations.AT_ONCE,
            () -> answer,
            CoreAccess.coreOf(RedisManager.create(RedisSettings.of("redis://127.0.0.1:1")))
                    .scheduler());

    @Test
    void removesOnlyWhatWasSent() {
        pending.add(List.of("a", "b"));
        assertThat(pending.concerns("a")).isTrue();
        assertThat(pending.concerns("c")).isFalse();

        assertThat(pending.send().join()).isTrue();

        assertThat(pending.size()).isZero();
        assertThat(deleted).singleElement().satisfies(keys -> assertThat(keys).containsExactlyInAnyOrder("a", "b"));
    }

    @Test
    void keepsAnInvalidationAddedAgainWhileInFlight() {
        pending.add(List.of("a"));
        answer = new CompletableFuture<>();
        CompletableFuture<Boolean> sending = pending.send();
        // The deletion in flight may run before the change that this invalidation follows.
        pending.add(List.of("a"));

        answer.complete(1L);

        assertThat(sending.join()).isFalse();
        assertThat(pending.concerns("a")).isTrue();
    }

    @Test
    void forgetsWhatIsAcknowledgedWhileOthersFail() {
        pending.add(List.of("a"));
        pending.addOther("pattern", () -> CompletableFuture.failedFuture(new IllegalStateException("no Redis")));

        assertThat(pending.send().join()).isFalse();

        assertThat(pending.size()).isEqualTo(1);
        assertThat(deleted).containsExactly(List.of("a"));
    }

    @Test
    void keepsEverythingWhileItCannotBeSent() {
        pending.addOther("pattern", () -> answer);
        answer = CompletableFuture.failedFuture(new IllegalStateException("no Redis"));

        assertThat(pending.send().join()).isFalse();

        assertThat(pending.concerns("any key")).isTrue();
        assertThat(pending.size()).isEqualTo(1);
    }

    /** As for lack of stack or memory. */
    @Test
    void endsAndSendsAgainAfterAnErrorOfTheSender() {
        AtomicBoolean failing = new AtomicBoolean(true);
        pending.addOther("pattern", () -> {
            if (failing.getAndSet(false)) {
                throw new StackOverflowError("not really");
            }
            return answer;
        });

        assertThat(pending.send()).isCompletedWithValue(false);
        assertThat(pending.send()).isCompletedWithValue(true);
    }

    @Test
    void sendsAgainAlthoughTheFirstTimeCouldNotBePlanned() {
        AtomicBoolean noThread = new AtomicBoolean(true);
        Scheduler scheduler = new Scheduler(factory -> task -> {
            if (noThread.getAndSet(false)) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return factory.newThread(task);
        });
        PendingInvalidations unplanned = new PendingInvalidations(
                keys -> CompletableFuture.completedFuture(1L), 1, CompletableFuture::new, scheduler);
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> unplanned.add(List.of("a")));

        unplanned.add(List.of("b"));

        await().atMost(Promises.PATIENCE).until(() -> unplanned.size() == 0);
        scheduler.close();
    }

    @Test
    void isBounded() {
        answer = new CompletableFuture<>();
        for (int i = 0; i <= PendingInvalidations.MOST_KEYS; i++) {
            pending.add(List.of("key " + i));
        }
        for (int i = 0; i < 1_000; i++) {
            pending.addOther("pattern " + i, () -> answer);
        }

        assertThat(pending.size()).isLessThanOrEqualTo(101);
        assertThat(pending.concerns("key 1")).isTrue();
    }
}
