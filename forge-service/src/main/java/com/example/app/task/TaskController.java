// forge:file worker
package com.example.app.task;

import com.example.app.web.PlainText;
import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Starts background tasks, which workers run. The database is the queue, so a restart loses no task. */
@RestController
@RequestMapping("/tasks")
@Tag(name = "tasks")
class TaskController {
    private final SchedulerClient queue;
    private final TaskResults results;

    TaskController(SchedulerClient queue, TaskResults results) {
        this.queue = queue;
        this.results = results;
    }

    @PostMapping
    @Operation(summary = "Starts a task")
    ResponseEntity<Task> start(@RequestBody @Valid NewTask task) {
        UUID id = UUID.randomUUID();
        // As a batch: a single task would be looked up first, and its id is new.
        queue.scheduleBatch(
                List.of(ReportTask.DESCRIPTOR.instance(id.toString()).data(new ReportTask.Data(task.key())).build()),
                Instant.now());
        return ResponseEntity.accepted()
                .location(URI.create("/tasks/" + id))
                .body(new Task(id, "enqueued", Optional.empty()));
    }

    @GetMapping("/{id}")
    @Operation(summary = "Reads the state and the result of a task")
    Task read(@PathVariable @Parameter(example = "0193f5a4-7c1b-4a6e-9d53-2f0a8c1e4b70") UUID id) {
        // First the queue: a worker saves the result before it takes the task out of the queue.
        return queue.getScheduledExecution(ReportTask.DESCRIPTOR.instanceId(id.toString()))
                .map(queued -> new Task(id, state(queued), Optional.empty()))
                .or(() -> results.find(id).map(end -> ended(id, end)))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no task " + id + "."));
    }

    private static String state(ScheduledExecution<?> queued) {
        if (queued.isPicked()) {
            return "processing";
        }
        return queued.getConsecutiveFailures() > 0 ? "scheduled" : "enqueued";
    }

    private static Task ended(UUID id, TaskResults.End end) {
        return new Task(id, end.result().isPresent() ? "succeeded" : "failed", end.result());
    }

    record NewTask(
            @PlainText @Size(max = 200) @Schema(example = "report-7")
            String key) {}

    /** A task: {@code scheduled} means that it failed and will be tried again. */
    record Task(UUID id, String state, Optional<String> result) {}
}
