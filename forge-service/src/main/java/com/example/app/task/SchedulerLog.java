// forge:file worker
package com.example.app.task;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import com.example.app.web.FailureLog;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * One line a minute while the queue cannot be read.
 *
 * <p>Without it, db-scheduler logs a stack trace each time that it looks, which is every second.
 */
final class SchedulerLog extends AppenderBase<ILoggingEvent> {
    private static final List<String> LOGGERS = List.of(
            "com.github.kagkarlsson.scheduler.RunUntilShutdown", "com.github.kagkarlsson.scheduler.RunAndLogErrors");

    private final FailureLog failures =
            new FailureLog(LoggerFactory.getLogger(TaskWorker.class), "The queue of tasks cannot be used");

    static void install() {
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
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getThrowableProxy() instanceof ThrowableProxy thrown && thrown.getThrowable() instanceof Exception e) {
            failures.warn(e);
        }
    }
}
