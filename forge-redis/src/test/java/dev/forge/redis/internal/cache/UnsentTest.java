package dev.forge.redis.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.settings.RedisSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class UnsentTest {

    private final List<Collection<String>> deleted = new ArrayList<>();
    private CompletableFuture<Long> answer = CompletableFuture.completedFuture(1L);
    private final Unsent unsent = new Unsent(
            keys -> {
                deleted.add(List.copyOf(keys));
                return answer;
            },
            () -> answer,
            CoreAccess.coreOf(RedisManager.create(RedisSettings.of("redis://127.0.0.1:1")))
                    .scheduler());

    @Test
    void forgetsWhatWasSentAndNothingElse() {
        unsent.add(List.of("a", "b"));
        assertThat(unsent.concerns("a")).isTrue();
        assertThat(unsent.concerns("c")).isFalse();

        assertThat(unsent.send().join()).isTrue();

        assertThat(unsent.size()).isZero();
        assertThat(deleted).singleElement().satisfies(keys -> assertThat(keys).containsExactlyInAnyOrder("a", "b"));
    }

    @Test
    void keepsWhatFailsAgainWhileTheOldIsOnItsWay() {
        unsent.add(List.of("a"));
        answer = new CompletableFuture<>();
        CompletableFuture<Boolean> sending = unsent.send();
        // The deletion under way may come before the change that this one is about.
        unsent.add(List.of("a"));

        answer.complete(1L);

        assertThat(sending.join()).isFalse();
        assertThat(unsent.concerns("a")).isTrue();
    }

    @Test
    void keepsEverythingWhileItCannotBeSent() {
        unsent.addOther("pattern", () -> answer);
        answer = CompletableFuture.failedFuture(new IllegalStateException("no Redis"));

        assertThat(unsent.send().join()).isFalse();

        assertThat(unsent.concerns("any key")).isTrue();
        assertThat(unsent.size()).isEqualTo(1);
    }

    @Test
    void isBounded() {
        answer = new CompletableFuture<>();
        for (int i = 0; i <= Unsent.MOST_KEYS; i++) {
            unsent.add(List.of("key " + i));
        }
        for (int i = 0; i < 1_000; i++) {
            unsent.addOther("pattern " + i, () -> answer);
        }

        assertThat(unsent.size()).isLessThanOrEqualTo(101);
        assertThat(unsent.concerns("key 1")).isTrue();
    }
}
