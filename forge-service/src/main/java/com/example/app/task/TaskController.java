// forge:file worker
package com.example.app.task;

import com.example.app.web.PlainText;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.JobNotFoundException;
import org.jobrunr.storage.StorageProvider;
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
    private final JobRequestScheduler scheduler;
    private final StorageProvider jobs;
    private final TaskResults results;

    TaskController(JobRequestScheduler scheduler, StorageProvider jobs, TaskResults results) {
        this.scheduler = scheduler;
        this.jobs = jobs;
        this.results = results;
    }

    @PostMapping
    @Operation(summary = "Starts a task")
    ResponseEntity<Task> start(@RequestBody @Valid NewTask task) {
        UUID id = scheduler.enqueue(new ProcessData(task.key())).asUUID();
        return ResponseEntity.accepted()
                .location(URI.create("/tasks/" + id))
                .body(new Task(id, name(StateName.ENQUEUED), Optional.empty()));
    }

    @GetMapping("/{id}")
    @Operation(summary = "Reads the state and the result of a task")
    Task read(@PathVariable @Parameter(example = "0193f5a4-7c1b-7a6e-9d53-2f0a8c1e4b70") UUID id) {
        // Read the state first: a worker saves the result before the task is marked as succeeded.
        StateName state = state(id);
        return new Task(id, name(state), results.find(id));
    }

    private StateName state(UUID id) {
        try {
            return jobs.getJobById(id).getState();
        } catch (JobNotFoundException absent) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no task " + id + ".", absent);
        }
    }

    private static String name(StateName state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    record NewTask(
            @PlainText @Size(max = 200) @Schema(example = "report-7")
            String key) {}

    /** A task: {@code scheduled} means that it failed and will be tried again. */
    record Task(
            @Schema(example = "0193f5a4-7c1b-7a6e-9d53-2f0a8c1e4b70")
            UUID id,

            @Schema(example = "succeeded") String state,

            @Schema(example = "report-7, processed at 2026-11-01T12:00:00Z")
            Optional<String> result) {}
}
