package dev.forge.redis.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadOnlyPauseTest {

    @Test
    void searchesForAPrimaryLessOftenTheLongerThereIsNone() {
        AtomicLong clock = new AtomicLong(Long.MAX_VALUE - TimeUnit.MINUTES.toNanos(30));
        ReadOnlyPause pause = new ReadOnlyPause(clock::get);
        List<Long> looks = new ArrayList<>();
        for (int i = 0; i < 360_000; i++) {
            if (pause.isOver()) {
                looks.add(i * 10L);
            }
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
        }

        assertThat(looks).startsWith(0L, 1_000L, 2_000L, 3_000L, 4_000L, 5_000L);
        assertThat(looks).hasSizeBetween(360, 375);
    }

    @Test
    void searchesAtOnceWhenAPrimaryBecomesReadOnlyAgain() {
        AtomicLong clock = new AtomicLong();
        ReadOnlyPause pause = new ReadOnlyPause(clock::get);
        for (int i = 0; i < 1_000; i++) {
            pause.isOver();
            clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
        clock.addAndGet(TimeUnit.MINUTES.toNanos(1));

        assertThat(pause.isOver()).isTrue();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(pause.isOver()).isTrue();
    }
}
