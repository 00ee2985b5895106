// forge:file worker
package com.example.app.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.app.ServiceTest;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.transaction.support.TransactionTemplate;

@ServiceTest
@TestPropertySource(properties = {"app.tasks.retries=3", "app.tasks.first-retry=200ms", "app.tasks.heartbeat=500ms"})
class TaskTest {
    @Autowired
    RestTestClient client;

    @Autowired
    TaskResults results;

    @Autowired
    SchedulerClient queue;

    @Autowired
    NightlyCleanUp nightlyCleanUp;

    @Autowired
    TaskWorker worker;

    @Autowired
    JdbcClient database;

    @Autowired
    TransactionTemplate transaction;

    @TestBean
    ReportWriter writer;

    static ReportWriter writer() {
        return new BrokenWriter();
    }

    @Test
    void runsInTheBackgroundAndShowsItsResult() {
        String result = new TaskClient(client).result("report-7");

        assertThat(result).startsWith("report-7");
    }

    // forge:begin redis
    @Test
    void writesTheReportOfAKeyOnce() {
        TaskClient tasks = new TaskClient(client);

        String first = tasks.result("once");
        String second = tasks.result("once");

        assertThat(second).isEqualTo(first);
    }
    // forge:end redis

    @Test
    void isTriedAgainAfterAFailure() {
        TaskClient tasks = new TaskClient(client);
        BrokenWriter.BROKEN.add("later");

        URI task = tasks.started("later");
        tasks.awaitState(task, "scheduled");
        BrokenWriter.BROKEN.remove("later");

        assertThat(tasks.awaitState(task, "succeeded").result()).isPresent();
    }

    @Test
    void hasFailedAfterRetriesThatEachWaitThreeTimesAsLong() {
        TaskClient tasks = new TaskClient(client);
        BrokenWriter.ATTEMPTS.clear();
        BrokenWriter.BROKEN.add("never");

        URI task = tasks.started("never");

        assertThat(tasks.awaitState(task, "failed").result()).isEmpty();
        List<Instant> attempts = BrokenWriter.ATTEMPTS;
        assertThat(attempts).hasSize(4);
        assertThat(attempts.get(2)).isAfter(attempts.get(1).plusMillis(600));
        assertThat(attempts.get(3)).isAfter(attempts.get(2).plusMillis(1800));
    }

    @Test
    void hasTimeToEndWhenTheWorkerStops() throws Exception {
        TaskClient tasks = new TaskClient(client);
        BrokenWriter.mayEnd = new CountDownLatch(1);
        URI task = tasks.started("slow-" + UUID.randomUUID());
        tasks.awaitState(task, "processing");

        CompletableFuture<Void> stop = CompletableFuture.runAsync(worker::stop);
        try {
            await().pollDelay(Duration.ofMillis(300)).until(() -> !stop.isDone());
            BrokenWriter.mayEnd.countDown();
            stop.get(10, TimeUnit.SECONDS);

            assertThat(tasks.read(task).state()).isEqualTo("succeeded");
        } finally {
            worker.start();
        }
    }

    @Test
    void runsAgainAfterItsWorkerDied() {
        UUID id = UUID.randomUUID();
        queue.scheduleBatch(List.of(report(id, "report-8")), Instant.now().plus(Duration.ofDays(1)));
        database.sql("update scheduled_tasks set picked = true, picked_by = 'gone', last_heartbeat = ?"
                        + " where task_instance = ?")
                .params(OffsetDateTime.now().minusMinutes(1), id.toString())
                .update();

        assertThat(new TaskClient(client).awaitState(URI.create("/tasks/" + id), "succeeded").result())
                .isPresent();
    }

    @Test
    void isQueuedWhenATransactionCommits() {
        UUID rolledBack = UUID.randomUUID();
        UUID committed = UUID.randomUUID();

        transaction.executeWithoutResult(status -> {
            queue.scheduleBatch(List.of(report(rolledBack, "report-9")), Instant.now());
            status.setRollbackOnly();
        });
        transaction.executeWithoutResult(
                status -> queue.scheduleBatch(List.of(report(committed, "report-9")), Instant.now()));

        new TaskClient(client).awaitState(URI.create("/tasks/" + committed), "succeeded");
        answers404(rolledBack);
    }

    @Test
    void waitsAsJsonThatOtherVersionsOfTheServiceCanRead() {
        UUID id = UUID.randomUUID();
        queue.scheduleBatch(List.of(report(id, "report-7")), Instant.now().plus(Duration.ofDays(1)));

        byte[] data = database.sql("select task_data from scheduled_tasks where task_instance = ?")
                .param(id.toString())
                .query(byte[].class)
                .single();

        assertThat(data).asString().isEqualTo("{\"key\":\"report-7\"}");
        byte[] newer = "{\"key\":\"report-7\",\"format\":\"pdf\"}".getBytes();
        assertThat(new TaskQueue.Json().deserialize(ReportTask.Data.class, newer))
                .isEqualTo(new ReportTask.Data("report-7"));
    }

    @Test
    void replacesTheResultWhenItRunsAgain() {
        UUID task = UUID.randomUUID();

        results.save(task, "first");
        results.save(task, "second");

        assertThat(results.find(task)).contains(new TaskResults.End(Optional.of("second")));
    }

    @Test
    void cleansUpOnlyOldResultsEveryNight() {
        UUID old = UUID.randomUUID();
        UUID recent = UUID.randomUUID();
        results.save(old, "old");
        results.save(recent, "recent");
        database.sql("update task_result set finished_at = ? where task_id = ?")
                .params(OffsetDateTime.now().minusDays(5), old)
                .update();
        assertThat(queue.getScheduledExecution(nightlyCleanUp.getDefaultTaskInstance()))
                .hasValueSatisfying(next ->
                        assertThat(next.getExecutionTime().toString()).endsWith("T03:00:00Z"));

        queue.reschedule(nightlyCleanUp.getDefaultTaskInstance(), Instant.now());

        await().untilAsserted(() -> assertThat(results.find(old)).isEmpty());
        assertThat(results.find(recent)).isPresent();
    }

    @Test
    void answers404ForAnUnknownTask() {
        answers404(UUID.randomUUID());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\\u0000b"})
    void refusesAnUnusableKey(String key) {
        new TaskClient(client).start(key).expectStatus().isBadRequest();
    }

    private void answers404(UUID id) {
        client.get()
                .uri("/tasks/{id}", id)
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    private static TaskInstance<ReportTask.Data> report(UUID id, String key) {
        return ReportTask.DESCRIPTOR.instance(id.toString()).data(new ReportTask.Data(key)).build();
    }

    /** Fails for some keys, and takes its time for those that begin with "slow". */
    private static final class BrokenWriter extends ReportWriter {
        static final Set<String> BROKEN = ConcurrentHashMap.newKeySet();
        static final List<Instant> ATTEMPTS = new CopyOnWriteArrayList<>();
        static volatile CountDownLatch mayEnd;

        @Override
        public String report(String key) {
            if (key.startsWith("slow")) {
                awaitEnd();
            } else if (BROKEN.contains(key)) {
                if (key.equals("never")) {
                    ATTEMPTS.add(Instant.now());
                }
                throw new IllegalStateException("broken");
            }
            return super.report(key);
        }

        private static void awaitEnd() {
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
