package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.protocol.Call;
import io.lettuce.core.protocol.RedisCommand;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Fails the calls of a connection that is gone. */
final class Losses {

    private Losses() {}

    /**
     * Fails those that were sent and await an answer.
     *
     * @param cutOff why the server has read none of them, or null if it may have
     */
    static void failUnanswered(@Nullable Queue<RedisCommand<?, ?, ?>> answers, @Nullable RedisFailure cutOff) {
        if (answers == null) {
            return;
        }
        IllegalStateException gone = gone();
        for (RedisCommand<?, ?, ?> each = answers.poll(); each != null; each = answers.poll()) {
            if (each instanceof Call<?> call && cutOff != null) {
                call.cutOff(cutOff);
            } else if (each instanceof Call<?> call) {
                call.lost(gone);
            } else {
                each.completeExceptionally(gone);
            }
        }
    }

    /** Fails {@code first} and those that it leads to, which were not sent. */
    static void fail(@Nullable Call<?> first) {
        fail(first, null);
    }

    /** Does the same, where the server has said before that it reads no more. */
    static void fail(@Nullable Call<?> first, @Nullable RedisFailure cutOff) {
        if (first == null) {
            return;
        }
        IllegalStateException gone = gone();
        for (Call<?> call = first; call != null; ) {
            Call<?> next = call.nextToSend;
            call.nextToSend = null;
            if (cutOff != null) {
                call.cutOff(cutOff);
            } else {
                call.lost(gone);
            }
            call = next;
        }
    }

    private static IllegalStateException gone() {
        return new IllegalStateException("the connection was lost");
    }
}
