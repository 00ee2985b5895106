package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.MisplacedReplyException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Monitors one connection: pings the server now and then, and closes the connection when it does not reply.
 *
 * <p>{@link FailureDetector} decides when. Each PING carries a unique argument, so its reply also shows whether the
 * replies on this connection still go to the right calls.
 */
public final class ConnectionMonitor {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");
    private static final long SECOND_LOOK_MILLIS = 50;

    private final PipelinedConnection pipeline;
    private final Supplier<Call<?>> question;
    private final FailureDetector detector = new FailureDetector();

    // Confined to the event loop.
    private boolean distrusted;
    private @Nullable Call<?> distrustedCalls;

    /** @param question makes the command that pings the server */
    ConnectionMonitor(PipelinedConnection pipeline, Supplier<Call<?>> question) {
        this.pipeline = pipeline;
        this.question = question;
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
            // Checks again after the event loop has read what has arrived: the loop itself may have been late.
            pipeline.onLoop(loop -> loop.execute(() -> closeIf(detector.isStuck(call.startedAt()))));
        } else {
            act(detector.missed(call.startedAt()));
        }
    }

    /**
     * Closes the connection and delivers no more replies: one did not fit its command, so others may have gone to the
     * wrong calls. Runs on the event loop.
     */
    void distrust(MisplacedReplyException reason) {
        if (!distrusted) {
            distrusted = true;
            LOG.warn(
                    "Redis at {} sent {}; closing the connection, because other replies may have gone to wrong calls",
                    pipeline.address(),
                    reason.getMessage());
            pipeline.close();
        }
    }

    /** Returns whether the reply to {@code call} cannot be trusted; the call then fails when the connection closes. */
    boolean distrusts(Call<?> call) {
        if (distrusted) {
            call.nextToSend = distrustedCalls;
            distrustedCalls = call;
        }
        return distrusted;
    }

    /** Fails the calls whose replies could not be trusted, now that the connection is gone. */
    void failDistrusted() {
        CallStack.fail(distrustedCalls);
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
            // Checks again here too, after giving the event loop time to read.
            case CLOSE ->
                pipeline.onLoop(loop -> loop.execute(() -> loop.schedule(
                        () -> closeIf(!detector.isAnswered()), SECOND_LOOK_MILLIS, TimeUnit.MILLISECONDS)));
            case NOTHING -> {}
        }
    }

    private void ask() {
        Call<?> call = question.get();
        call.whenComplete((answer, failure) -> detector.checked());
        pipeline.urge(call);
    }

    private void closeIf(boolean useless) {
        if (useless) {
            pipeline.close();
        }
    }
}
