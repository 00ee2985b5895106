// forge:file worker
package com.example.app.task;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table {@code task_result}, which workers write and web processes read. */
@Repository
class TaskResults {
    private final JdbcClient jdbc;

    TaskResults(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How a task ended; empty while it has not. */
    Optional<End> find(UUID task) {
        return jdbc.sql("select result from task_result where task_id = ?")
                .param(task)
                .query((row, number) -> new End(Optional.ofNullable(row.getString("result"))))
                .optional();
    }

    /** Saves the result of a task, or replaces it. */
    @Transactional
    void save(UUID task, String result) {
        replace(task, result);
    }

    /** Saves that all attempts of a task have failed. */
    @Transactional
    void saveFailure(UUID task) {
        replace(task, null);
    }

    void deleteOlderThan(Duration age) {
        jdbc.sql("delete from task_result where finished_at < ?")
                .param(OffsetDateTime.now(ZoneOffset.UTC).minus(age))
                .update();
    }

    private void replace(UUID task, @Nullable String result) {
        jdbc.sql("delete from task_result where task_id = ?").param(task).update();
        jdbc.sql("insert into task_result (task_id, result, finished_at) values (?, ?, ?)")
                .params(task, result, OffsetDateTime.now(ZoneOffset.UTC))
                .update();
    }

    /** The end of a task: its result, or none if it failed. */
    record End(Optional<String> result) {}
}
