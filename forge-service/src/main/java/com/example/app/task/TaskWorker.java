// forge:file worker
package com.example.app.task;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.stats.MicrometerStatsRegistry;
import com.github.kagkarlsson.scheduler.stats.StatsRegistryAdapter;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Runs the tasks of the queue, while the service runs. Workers in several processes share the queue.
 *
 * <p>A task whose worker died is run again a minute later. At a stop, running tasks have four seconds to end. Then they
 * are interrupted, which counts as a failure.
 */
@Component
@ConditionalOnBooleanProperty("app.tasks.worker")
class TaskWorker implements SmartLifecycle {
    private static final int THREADS = 5; // Fewer than connections to the database, which requests need too.

    private final DataSource database;
    private final List<OneTimeTask<?>> tasks;
    private final List<RecurringTask<?>> recurring;
    private final MeterRegistry metrics;
    private final Duration pollInterval;
    private final Duration heartbeat;
    private final HeartbeatFile heartbeatFile;
    private @Nullable Scheduler scheduler;

    TaskWorker(
            DataSource database,
            List<OneTimeTask<?>> tasks,
            List<RecurringTask<?>> recurring,
            MeterRegistry metrics,
            @Value("${app.tasks.poll-interval}") Duration pollInterval,
            @Value("${app.tasks.heartbeat}") Duration heartbeat,
            HeartbeatFile heartbeatFile) {
        this.database = database;
        this.tasks = tasks;
        this.recurring = recurring;
        this.metrics = metrics;
        this.pollInterval = pollInterval;
        this.heartbeat = heartbeat;
        this.heartbeatFile = heartbeatFile;
    }

    @Override
    public synchronized void start() {
        SchedulerLog log = SchedulerLog.install();
        List<Task<?>> all = Stream.<Task<?>>concat(tasks.stream(), recurring.stream()).toList();
        scheduler = Scheduler.create(database, List.copyOf(tasks))
                .startTasks(recurring)
                .serializer(new TaskQueue.Json())
                .threads(THREADS)
                .executorService(Executors.newFixedThreadPool(THREADS, log::thread))
                .pollingInterval(pollInterval)
                .heartbeatInterval(heartbeat)
                .missedHeartbeatsLimit(6)
                .shutdownMaxWait(Duration.ofSeconds(4))
                .addSchedulerListener(new StatsRegistryAdapter(new MicrometerStatsRegistry(metrics, all)))
                .addSchedulerListener(heartbeatFile)
                .build();
        scheduler.start();
    }

    @Override
    public synchronized void stop() {
        if (scheduler != null) {
            scheduler.stop();
            scheduler = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return scheduler != null;
    }
}
