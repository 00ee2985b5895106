package dev.forge.redis.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutageLogTest {

    private final AtomicLong now = new AtomicLong();
    private final List<String> said = new ArrayList<>();
    private final OutageLog log = new OutageLog(now::get);

    @Test
    void saysTheBeginningAndTheEndOfAnOutageOnceEach() {
        for (int outage = 0; outage < 2; outage++) {
            for (int i = 0; i < 100; i++) {
                fail();
                work();
            }
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            work();
            work();
        }

        assertThat(said).containsExactly("failed", "worked", "failed", "worked");
    }

    @Test
    void saysNothingWhileAllIsWell() {
        work();

        assertThat(said).isEmpty();
    }

    private void fail() {
        log.failed(() -> said.add("failed"));
    }

    private void work() {
        log.worked(() -> said.add("worked"));
    }
}
