package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FailureLogTest {
    private final AtomicLong time = new AtomicLong();
    private final FailureLog failures =
            new FailureLog(LoggerFactory.getLogger(FailureLogTest.class), "A request failed", time::get);

    @Test
    void logsAKindOfFailureOnceAMinuteAndCountsTheOthers(CapturedOutput log) {
        for (int i = 0; i < 42; i++) {
            failures.warn(new Away("number " + i));
        }
        time.addAndGet(Duration.ofMinutes(1).toNanos());
        failures.warn(new Away("the last"));

        assertThat(log.getAll().lines())
                .hasSize(2)
                .anyMatch(line -> line.endsWith("A request failed: " + new Away("number 0")))
                .anyMatch(line -> line.endsWith("A request failed (and 41 others before it): " + new Away("the last")));
    }

    @Test
    void namesTheCauses(CapturedOutput log) {
        Exception refused = new IllegalArgumentException("Connection to db:5432 refused");

        failures.warn(new IllegalStateException("No transaction", new IllegalStateException(refused.toString(), refused)));

        assertThat(log.getAll())
                .contains("A request failed: java.lang.IllegalStateException: No transaction; caused by "
                        + "java.lang.IllegalStateException: " + refused + "; caused by " + refused);
    }

    @Test
    void logsEachKindOfFailure(CapturedOutput log) {
        failures.warn(new Away("one"));
        failures.warn(new IllegalStateException("another"));
        failures.warn(new IllegalStateException("from another line"));

        assertThat(log.getAll().lines()).hasSize(3);
    }

    // forge:begin redis
    @Test
    void tellsFailuresOfOneClassApartByTheirReason(CapturedOutput log) {
        failures.error("reason", new Away("one"));
        failures.error("reason", new Away("the same"));
        failures.error("other reason", new Away("another"));

        assertThat(log.getAll().lines()).hasSize(2);
    }
    // forge:end redis

    /** Has no stack trace, as failures that come from other threads may have none. */
    private static final class Away extends RuntimeException {
        Away(String message) {
            super(message, null, false, false);
        }
    }
}
