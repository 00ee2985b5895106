package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LossLogTest {

    private final AtomicLong now = new AtomicLong(-1);
    private final LossLog log = new LossLog(now::get);

    @Test
    void countsTheLossesOfEachMinute() {
        assertThat(log.lost()).isEqualTo(1);
        pass(59);
        assertThat(log.lost()).isEqualTo(2);
        pass(1);
        assertThat(log.lost()).isEqualTo(1);
        assertThat(log.lost()).isEqualTo(2);
        pass(3_600);
        assertThat(log.lost()).isEqualTo(1);
    }

    private void pass(int seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
