// forge:file worker
package com.example.app.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SchedulerLogTest {
    private final Logger runs = LoggerFactory.getLogger("com.github.kagkarlsson.scheduler.ExecutePicked");

    private SchedulerLog log;

    @BeforeEach
    void install() {
        log = SchedulerLog.install();
    }

    @Test
    void logsOneLineForAllTasksThatRunWhenTheDatabaseGoesAway(CapturedOutput output) throws InterruptedException {
        for (int task = 0; task < 5; task++) {
            runs.error("Failed while completing execution", broken("08006"));
            Thread worker = log.thread(() -> {
                throw broken("57P03");
            });
            worker.start();
            worker.join();
        }

        assertThat(output.getAll().lines().filter(line -> line.contains("The queue of tasks cannot be used")))
                .hasSizeBetween(1, 2); // For each place in the code.
        assertThat(output).doesNotContain("\tat ");
    }

    @Test
    void showsWhereATaskItselfFails(CapturedOutput output) {
        runs.warn("Unhandled exception", new IllegalStateException("of a task"));

        assertThat(output).contains("IllegalStateException: of a task", "\tat com.example.app.task.SchedulerLogTest");
    }

    @Test
    void showsAnErrorOfTheJvmWhileTheQueueIsRead(CapturedOutput output) {
        LoggerFactory.getLogger("com.github.kagkarlsson.scheduler.RunUntilShutdown")
                .error("Will keep running", new NoClassDefFoundError("of the driver"));

        assertThat(output).contains("Will keep running", "NoClassDefFoundError: of the driver");
    }

    private static IllegalStateException broken(String state) {
        return new IllegalStateException(new SQLException("broken", state));
    }
}
