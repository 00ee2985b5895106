package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.thread.Scheduler;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Monitors one connection: pings the server now and then, and closes the connection when it does not reply.
 *
 * <p>{@link FailureDetector} decides when. Each PING carries a unique argument, so its reply also shows whether the
 * replies on this connection still go to the right calls.
 */
public final class ConnectionMonitor {

    private static final long SECOND_LOOK_MILLIS = 50;

    private final PipelinedConnection pipeline;
    private final Supplier<Call<?>> question;
    private final Scheduler scheduler;
    private final FailureDetector detector = new FailureDetector();

    private volatile String reason = "";

    /** @param question makes the command that pings the server */
    ConnectionMonitor(PipelinedConnection pipeline, Supplier<Call<?>> question, Scheduler scheduler) {
        this.pipeline = pipeline;
        this.question = question;
        this.scheduler = scheduler;
    }

    /** Bytes have come from the server. */
    void heard() {
        detector.heard();
    }

    /** The bytes that have just come completed the reply to a call. */
    void answer() {
        detector.answer();
    }

    /** Returns whether the server owes a reply and has sent nothing for a while. */
    public boolean isUnresponsive() {
        return detector.isUnresponsive();
    }

    /** Returns for how long the server has sent nothing, in milliseconds. */
    public long unresponsiveMillis() {
        return detector.unresponsiveMillis();
    }

    /** Returns why this monitor closed the connection, to follow "was lost"; empty if it did not. */
    String reason() {
        return reason;
    }

    /** Pings the server if that is due, and closes the connection if the server has not replied in time. */
    public void look() {
        if (pipeline.isOpen()) {
            act(detector.look());
        }
    }

    /** Records that {@code call} has timed out, and checks whether the server replies at all. */
    void missed(Call<?> call) {
        if (!pipeline.isOpen()) {
            return;
        }
        if (detector.isStuck(call.startedAt())) {
            closeLaterIf(() -> detector.isStuck(call.startedAt()), ", because what it sent completed no reply");
        } else {
            act(detector.missed(call.startedAt()));
        }
    }

    private void act(FailureDetector.Step step) {
        switch (step) {
            case ASK -> {
                detector.ask();
                ask();
            }
            case CHECK -> {
                detector.check();
                ask();
            }
            case CLOSE ->
                closeLaterIf(
                        () -> !detector.isAnswered(),
                        ", because it had not replied for " + detector.unresponsiveMillis() + " ms");
            case NOTHING -> {}
        }
    }

    private void ask() {
        Call<?> call = question.get();
        call.whenComplete((answer, failure) -> detector.checked());
        pipeline.urge(call);
    }

    /**
     * Closes the connection if it is still {@code useless} after the reader has had time to read what has arrived. While
     * a callback keeps the reader from reading, that cannot be told.
     */
    private void closeLaterIf(BooleanSupplier useless, String why) {
        try {
            var unused = scheduler.schedule(
                    () -> {
                        if (pipeline.isListening() && useless.getAsBoolean()) {
                            reason = why;
                            pipeline.close();
                        }
                    },
                    SECOND_LOOK_MILLIS);
        } catch (RejectedExecutionException e) {
            // The manager has closed, and with it every connection.
        }
    }
}
