// forge:file worker
package com.example.app.task;

import org.jobrunr.jobs.annotations.Job;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.server.runner.ThreadLocalJobContext;
import org.springframework.stereotype.Component;

/**
 * Runs {@link ProcessData} in a worker.
 *
 * <p>A task may run more than once: after a failure, or when its worker died. Running it again only replaces its
 * result. Retries wait 3, 9, 27, ... seconds; {@code application.yml} sets their number.
 */
@Component // Public, because JobRunr calls it.
public class ProcessDataHandler implements JobRequestHandler<ProcessData> {
    private final Processing processing;
    private final TaskResults results;

    ProcessDataHandler(Processing processing, TaskResults results) {
        this.processing = processing;
        this.results = results;
    }

    @Override
    @Job(name = "Process data")
    public void run(ProcessData task) {
        String result = processing.process(task.key());
        results.save(ThreadLocalJobContext.getJobContext().getJobId(), result);
    }
}
