// forge:file worker
package com.example.app.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.event.SchedulerListener.SchedulerEventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartbeatFileTest {
    @TempDir
    Path directory;

    @Test
    void isTouchedOnlyWhenTheQueueWasRead() throws IOException {
        Path file = directory.resolve("heartbeat");
        HeartbeatFile heartbeat = new HeartbeatFile(file.toString());

        heartbeat.onSchedulerEvent(SchedulerEventType.UNEXPECTED_ERROR);
        assertThat(file).doesNotExist();

        heartbeat.onSchedulerEvent(SchedulerEventType.RAN_EXECUTE_DUE);
        assertThat(Files.getLastModifiedTime(file).toInstant()).isAfter(Instant.now().minusSeconds(10));
    }

    @Test
    void isNotTouchedAtEachLook() throws IOException {
        Path file = directory.resolve("heartbeat");
        HeartbeatFile heartbeat = new HeartbeatFile(file.toString());
        heartbeat.onSchedulerEvent(SchedulerEventType.RAN_EXECUTE_DUE);
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));

        heartbeat.onSchedulerEvent(SchedulerEventType.RAN_EXECUTE_DUE);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(0));
    }
}
