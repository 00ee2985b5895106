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
            pass(1);
            work();
            work();
            pass(60);
        }

        assertThat(logged).containsExactly("failed", "worked", "failed", "worked");
    }

    @Test
    void logsFewOfManyOutagesThatFollowOneAnother() {
        for (int outage = 0; outage < 1_000; outage++) {
            fail();
            pass(5);
            work();
        }

        assertThat(logged).hasSizeLessThan(10).endsWith("failed");

        pass(60);
        work();

        assertThat(logged).endsWith("failed", "worked");
    }

    @Test
    void logsNothingWhileAllIsWell() {
        work();

        assertThat(logged).isEmpty();
    }

    private void pass(int seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private void fail() {
        log.failed(() -> logged.add("failed"));
    }

    private void work() {
        log.worked(() -> logged.add("worked"));
    }
}
