package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.MisplacedReplyException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over one connection: asks the server now and then, and gives the connection up when nothing comes of that.
 *
 * <p>{@link FailureDetector} says when. Each question has a word of its own, so that its answer also shows whether the answers on this
 * connection still go to those who asked.
 */
public final class ConnectionMonitor {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");
    private static final long SECOND_LOOK_MILLIS = 50;

    private final PipelinedConnection pipeline;
    private final Supplier<Call<?>> question;
    private final FailureDetector silence = new FailureDetector();

    // Confined to the event loop.
    private boolean distrusted;
    private @Nullable Call<?> disbelieved;

    /** @param question makes the command that asks the server for a sign of life */
    ConnectionMonitor(PipelinedConnection pipeline, Supplier<Call<?>> question) {
        this.pipeline = pipeline;
        this.question = question;
    }

    /** Something has come from the server. */
    void heard() {
        silence.heard();
    }

    /** What has just come has answered a call. */
    void answer() {
        silence.answer();
    }

    /** Returns whether the server has been asked something and has not answered anything for a while. */
    public boolean isSilent() {
        return silence.isSilent();
    }

    /** Returns for how long nothing has been heard, in milliseconds. */
    public long silentMillis() {
        return silence.millis();
    }

    /** Asks the server if it is time to, and gives the connection up if there has been no sign of life. */
    public void look() {
        if (pipeline.isOpen()) {
            act(silence.look());
        }
    }

    /** Takes note that {@code call} has had no answer in its time; asks whether the server is there at all. */
    void missed(Call<?> call) {
        if (!pipeline.isOpen()) {
            return;
        }
        if (silence.isDeaf(call.startedAt())) {
            // Looks once more after the event loop has read what is there: it may have been late itself.
            pipeline.onLoop(loop -> loop.execute(() -> closeIf(silence.isDeaf(call.startedAt()))));
        } else {
            act(silence.missed(call.startedAt()));
        }
    }

    /**
     * A reply does not fit its question, so that answers may have gone to the wrong calls: no other is handed out. Runs on the
     * event loop.
     */
    void distrust(MisplacedReplyException reason) {
        if (!distrusted) {
            distrusted = true;
            LOG.warn(
                    "Redis at {} gave {}; closing the connection, because other answers may have gone to the wrong calls",
                    pipeline.address(),
                    reason.getMessage());
            pipeline.close();
        }
    }

    /** Returns whether the answer to {@code call} is worth nothing; the call then ends with the connection. */
    boolean disbelieves(Call<?> call) {
        if (distrusted) {
            call.nextToSend = disbelieved;
            disbelieved = call;
        }
        return distrusted;
    }

    /** Fails the calls whose answers are worth nothing, now that the connection is gone. */
    void failDisbelieved() {
        CallStack.fail(disbelieved);
    }

    private void act(FailureDetector.Step step) {
        switch (step) {
            case ASK -> {
                silence.ask();
                ask();
            }
            case CHECK -> {
                silence.check();
                ask();
            }
            // Looks once more here too, and gives it time to read.
            case CLOSE ->
                pipeline.onLoop(loop -> loop.execute(() -> loop.schedule(
                        () -> closeIf(!silence.isAnswered()), SECOND_LOOK_MILLIS, TimeUnit.MILLISECONDS)));
            case NOTHING -> {}
        }
    }

    private void ask() {
        Call<?> call = question.get();
        call.whenComplete((answer, failure) -> silence.checked());
        pipeline.urge(call);
    }

    private void closeIf(boolean useless) {
        if (useless) {
            pipeline.close();
        }
    }
}
