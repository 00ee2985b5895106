package dev.forge.redis.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutageLogTest {

    private final AtomicLong now = new AtomicLong();
    private final List<String> logged = new ArrayList<>();
    private final OutageLog log = new OutageLog(now::get);

    @Test
    void logsTheBeginningAndTheEndOfAnOutageOnceEach() {
        for (int outage = 0; outage < 2; outage++) {
            for (int i = 0; i < 100; i++) {
                fail();
                work();
            }
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            work();
            work();
        }

        assertThat(logged).containsExactly("failed", "worked", "failed", "worked");
    }

    @Test
    void logsNothingWhileAllIsWell() {
        work();

        assertThat(logged).isEmpty();
    }

    private void fail() {
        log.failed(() -> logged.add("failed"));
    }

    private void work() {
        log.worked(() -> logged.add("worked"));
    }
}
