// forge:file worker
package com.example.app.task;

import com.example.app.web.FailureLog;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Touches a file whenever the worker has looked for tasks, at most every five seconds. It shows that a process without a
 * port works. While the database is away, the file is not touched.
 */
@Component
class HeartbeatFile extends AbstractSchedulerListener {
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final FailureLog failures =
            new FailureLog(LoggerFactory.getLogger(HeartbeatFile.class), "The heartbeat file cannot be written");

    private final String file;
    private Instant last = Instant.MIN;

    /** {@code file} may be empty: then there is none. */
    HeartbeatFile(@Value("${app.tasks.heartbeat-file:}") String file) {
        this.file = file;
    }

    @Override
    public synchronized void onSchedulerEvent(SchedulerEventType event) {
        Instant now = Instant.now();
        boolean due = now.isBefore(last) || last.isBefore(now.minus(PAUSE));
        if (event != SchedulerEventType.RAN_EXECUTE_DUE || file.isEmpty() || !due) {
            return;
        }
        try {
            Path path = Path.of(file);
            if (Files.notExists(path)) {
                Files.createFile(path);
            }
            Files.setLastModifiedTime(path, FileTime.from(now));
            last = now;
        } catch (IOException failure) {
            failures.warn(failure);
        }
    }
}
