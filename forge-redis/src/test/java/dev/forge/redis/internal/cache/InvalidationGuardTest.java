package dev.forge.redis.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.Refused;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.settings.RedisSettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InvalidationGuardTest {

    private final AtomicInteger cleared = new AtomicInteger();
    private final RedisManager nowhere = RedisManager.create(RedisSettings.of("redis://127.0.0.1:1"));
    private final PendingInvalidations pending = new PendingInvalidations(
            keys -> new CompletableFuture<>(),
            PendingInvalidations.AT_ONCE,
            () -> {
                cleared.incrementAndGet();
                return new CompletableFuture<>();
            },
            CoreAccess.coreOf(nowhere).scheduler());
    private final InvalidationGuard guard = new InvalidationGuard(pending);

    @AfterEach
    void close() {
        nowhere.close();
    }

    private static CompletableFuture<Long> failed(RedisFailure failure) {
        return CompletableFuture.failedFuture(failure);
    }

    @Test
    void doesNotRememberARefusedPut() {
        for (int i = 0; i <= PendingInvalidations.MOST_KEYS; i++) {
            guard.run(List.of("key " + i), () -> {}, () -> failed(Refused.forWantOfRoom()));
        }

        assertThat(pending.size()).isZero();
    }

    @Test
    void remembersRefusedInvalidationsButNeverInvalidatesEverything() {
        for (int i = 0; i <= 2 * PendingInvalidations.MOST_KEYS; i++) {
            guard.invalidate(List.of("key " + i), () -> {}, () -> failed(Refused.forWantOfRoom()));
        }
        for (int i = 0; i < 300; i++) {
            guard.runOther("tag " + i, () -> {}, () -> failed(Refused.forWantOfRoom()));
        }

        pending.send();
        assertThat(pending.concerns("key 1")).isTrue();
        assertThat(pending.size()).isBetween(PendingInvalidations.MOST_KEYS, PendingInvalidations.MOST_KEYS + 100);
        assertThat(cleared).hasValue(0);
    }

    @Test
    void remembersEveryChangeThatFailsInAnOutage() {
        for (int i = 0; i <= PendingInvalidations.MOST_KEYS; i++) {
            guard.run(List.of("key " + i), () -> {}, () -> failed(Refused.forWantOfAConnection()));
        }

        assertThat(pending.concerns("any key")).isTrue();
    }
}
