package dev.forge.redis.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrimaryWatchTest {

    private static final HostAndPort CURRENT = new HostAndPort("current", 6379);
    private static final HostAndPort OTHER = new HostAndPort("other", 6379);

    private final AtomicInteger moves = new AtomicInteger();
    private @Nullable String connectedTo = CURRENT.toString();
    private final AtomicInteger questions = new AtomicInteger();
    private final PrimaryWatch watch = new PrimaryWatch(() -> connectedTo, moves::incrementAndGet, () -> {
        questions.incrementAndGet();
        return new CompletableFuture<>();
    });

    @Test
    void movesOnceAnotherServerWasNamedTwiceInARow() {
        watch.named(OTHER);
        assertThat(moves).hasValue(0);

        watch.named(OTHER);

        assertThat(moves).hasValue(1);
    }

    @Test
    void asksAgainSoonOnceAnotherServerWasNamed() {
        watch.named(OTHER);

        await().atMost(Duration.ofSeconds(4)).until(() -> {
            watch.tick();
            return questions.get() > 0;
        });

        assertThat(questions).hasValue(1);
    }

    @Test
    void staysWhenAnotherServerIsNamedNowAndThen() {
        watch.named(OTHER);
        watch.named(CURRENT);
        watch.named(OTHER);
        watch.named(new HostAndPort("third", 6379));

        assertThat(moves).hasValue(0);
    }

    @Test
    void leavesReconnectingAloneWhileThereIsNoConnection() {
        connectedTo = null;

        watch.named(OTHER);
        watch.named(OTHER);

        assertThat(moves).hasValue(0);
    }
}
