// forge:file worker
package com.example.app.task;

import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import java.time.Duration;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Makes a report in a worker, and keeps it as the result of the task.
 *
 * <p>Runs at least once: again after a failure, and again when its worker died. So a second run must change nothing
 * more: here it replaces the result of the first. Each retry waits three times as long as the one before it;
 * {@code application.yml} sets how many there are. After the last one, the task has failed.
 */
@Component
class ReportTask extends OneTimeTask<ReportTask.Data> {
    /** Tasks that wait in the table are found by this name. */
    static final TaskDescriptor<Data> DESCRIPTOR = TaskDescriptor.of("report", Data.class);

    private final Reports reports;
    private final TaskResults results;

    ReportTask(
            Reports reports,
            TaskResults results,
            @Value("${app.tasks.retries}") int retries,
            @Value("${app.tasks.first-retry}") Duration firstRetry) {
        super(
                DESCRIPTOR.getTaskName(),
                DESCRIPTOR.getDataClass(),
                FailureHandler.<Data>maxRetries(retries)
                        .withBackoff(firstRetry, 3)
                        .then((last, task) -> {
                            results.saveFailure(id(last.getExecution().taskInstance.getId()));
                            task.remove();
                        }));
        this.reports = reports;
        this.results = results;
    }

    @Override
    public void executeOnce(TaskInstance<Data> task, ExecutionContext context) {
        results.save(id(task.getId()), reports.report(task.getData().key()));
    }

    private static UUID id(String instance) {
        return UUID.fromString(instance);
    }

    /** What the task is about: JSON in the table, until a worker takes it. */
    record Data(String key) {}
}
