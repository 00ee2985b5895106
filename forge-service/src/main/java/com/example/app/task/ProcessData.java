// forge:file worker
package com.example.app.task;

import org.jobrunr.jobs.lambdas.JobRequest;

/** A request to process the data of one key. JobRunr stores it as JSON until a worker takes it. */
record ProcessData(String key) implements JobRequest {
    @Override
    public Class<ProcessDataHandler> getJobRequestHandler() {
        return ProcessDataHandler.class;
    }
}
