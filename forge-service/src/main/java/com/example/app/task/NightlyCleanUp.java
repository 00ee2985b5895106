// forge:file worker
package com.example.app.task;

import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import java.time.Duration;
import java.time.ZoneOffset;
import org.springframework.stereotype.Component;

/** Deletes old results of tasks. A sample of a recurring task: runs every night, in one of the workers. */
@Component
class NightlyCleanUp extends RecurringTask<Void> {
    private static final Duration RETENTION = Duration.ofDays(4);

    private final TaskResults results;

    NightlyCleanUp(TaskResults results) {
        super("nightly-clean-up", Schedules.cron("0 0 3 * * *", ZoneOffset.UTC), Void.class);
        this.results = results;
    }

    @Override
    public void executeRecurringly(TaskInstance<Void> task, ExecutionContext context) {
        results.deleteOlderThan(RETENTION);
    }
}
