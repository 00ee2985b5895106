// forge:file worker
package com.example.app.task;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jobrunr.jobs.annotations.Job;
import org.jobrunr.jobs.annotations.Recurring;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table {@code task_result}, which workers write and web processes read. */
@Repository // Public, because JobRunr calls it.
public class TaskResults {
    /** As long as JobRunr keeps a task: 36 h after it succeeded, and then 72 h as deleted. */
    private static final Duration RETENTION = Duration.ofHours(36 + 72);

    private final JdbcClient jdbc;

    TaskResults(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<String> find(UUID task) {
        return jdbc.sql("select result from task_result where task_id = ?")
                .param(task)
                .query(String.class)
                .optional();
    }

    /** Saves the result of a task, or replaces it. */
    @Transactional
    void save(UUID task, String result) {
        jdbc.sql("delete from task_result where task_id = ?").param(task).update();
        jdbc.sql("insert into task_result (task_id, result, finished_at) values (?, ?, ?)")
                .params(task, result, OffsetDateTime.now(ZoneOffset.UTC))
                .update();
    }

    /** Deletes old results. Runs every night, in one worker. */
    @Recurring(id = "forget-old-results", cron = "0 3 * * *")
    @Job(name = "Forget old results")
    public void forgetOldResults() {
        jdbc.sql("delete from task_result where finished_at < ?")
                .param(OffsetDateTime.now(ZoneOffset.UTC).minus(RETENTION))
                .update();
    }
}
