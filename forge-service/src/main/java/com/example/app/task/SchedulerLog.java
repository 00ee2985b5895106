// forge:file worker
package com.example.app.task;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import com.example.app.web.DatabaseProblems;
import com.example.app.web.FailureLog;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * One line a minute while the queue cannot be read. What a task itself fails with is logged as always.
 *
 * <p>Without this, db-scheduler logs a stack trace each time it looks, which is every second, and for each task that
 * runs when the database goes away.
 */
final class SchedulerLog extends AppenderBase<ILoggingEvent> {
    private static final String RUNS = "com.github.kagkarlsson.scheduler.ExecutePicked";
    private static final List<String> LOGGERS = List.of(
            RUNS, "com.github.kagkarlsson.scheduler.RunUntilShutdown", "com.github.kagkarlsson.scheduler.RunAndLogErrors");

    private final FailureLog failures =
            new FailureLog(LoggerFactory.getLogger(TaskWorker.class), "The queue of tasks cannot be used");

    /** Also makes the threads of {@code TaskWorker}. */
    static SchedulerLog install() {
        SchedulerLog log = new SchedulerLog();
        log.setName(SchedulerLog.class.getName());
        log.start();
        for (String name : LOGGERS) {
            if (LoggerFactory.getLogger(name) instanceof Logger logger) {
                logger.setAdditive(false);
                logger.detachAppender(log.getName());
                logger.addAppender(log);
            }
        }
        return log;
    }

    /** A thread whose end by a failure is logged here too. */
    Thread thread(Runnable worker) {
        Thread thread = new Thread(worker, "task-worker");
        thread.setUncaughtExceptionHandler(
                (ended, failure) -> LoggerFactory.getLogger(RUNS).error("A worker has ended", failure));
        return thread;
    }

    @Override
    protected void append(ILoggingEvent event) {
        Throwable thrown = event.getThrowableProxy() instanceof ThrowableProxy proxy ? proxy.getThrowable() : null;
        boolean ofATask = event.getLoggerName().equals(RUNS);
        if (thrown instanceof Exception failure && (!ofATask || DatabaseProblems.areOutage(failure))) {
            failures.warn(failure);
        } else if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.callAppenders(event);
        }
    }
}
