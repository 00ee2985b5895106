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

class ChangingTest {

    private final AtomicInteger cleared = new AtomicInteger();
    private final RedisManager nowhere = RedisManager.create(RedisSettings.of("redis://127.0.0.1:1"));
    private final Unsent unsent = new Unsent(
            keys -> new CompletableFuture<>(),
            () -> {
                cleared.incrementAndGet();
                return new CompletableFuture<>();
            },
            CoreAccess.coreOf(nowhere).scheduler());
    private final Changing changing = new Changing(unsent);

    @AfterEach
    void close() {
        nowhere.close();
    }

    private static CompletableFuture<Long> failed(RedisFailure failure) {
        return CompletableFuture.failedFuture(failure);
    }

    @Test
    void remembersNoPutThatFoundNoRoom() {
        for (int i = 0; i <= Unsent.MOST_KEYS; i++) {
            changing.run(List.of("key " + i), () -> {}, () -> failed(Refused.forWantOfRoom()));
        }

        assertThat(unsent.size()).isZero();
    }

    @Test
    void remembersInvalidationsThatFoundNoRoomButNeverAsOneOfEverything() {
        for (int i = 0; i <= 2 * Unsent.MOST_KEYS; i++) {
            changing.invalidate(List.of("key " + i), () -> {}, () -> failed(Refused.forWantOfRoom()));
        }
        for (int i = 0; i < 300; i++) {
            changing.runOther("tag " + i, () -> {}, () -> failed(Refused.forWantOfRoom()));
        }

        unsent.send();
        assertThat(unsent.concerns("key 1")).isTrue();
        assertThat(unsent.size()).isBetween(Unsent.MOST_KEYS, Unsent.MOST_KEYS + 100);
        assertThat(cleared).hasValue(0);
    }

    @Test
    void remembersWhateverFailsInAnOutage() {
        for (int i = 0; i <= Unsent.MOST_KEYS; i++) {
            changing.run(List.of("key " + i), () -> {}, () -> failed(Refused.forWantOfAConnection()));
        }

        assertThat(unsent.concerns("any key")).isTrue();
    }
}
