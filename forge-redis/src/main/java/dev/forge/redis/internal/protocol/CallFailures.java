package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.key.RedisKey;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The failures of one call: what failed, at which address, after how long, and whether it may have run.
 *
 * <p>Made only for a call that fails.
 */
final class CallFailures {

    private final String name;
    private final String address;
    private final long waitedMillis;
    private final byte[][] arguments;

    /**
     * @param name the operation and the key, as {@link #name(Command, byte[])} returns them
     * @param waitedMillis how long the caller has waited
     */
    CallFailures(String name, String address, long waitedMillis, byte[][] arguments) {
        this.name = name;
        this.address = address;
        this.waitedMillis = waitedMillis;
        this.arguments = arguments;
    }

    /** Returns the operation and the key, as messages show them. */
    static String name(Command command, byte @Nullable [] key) {
        return key == null ? command.toString() : command + " " + RedisKey.shown(new String(key, UTF_8));
    }

    /** Returns the failure of a call that was refused here for {@code reason}, before it was sent. */
    RedisFailure refused(RedisFailure reason) {
        if (reason instanceof RedisRefusedException refused) {
            return new RedisRefusedException(refused.reason(), name + " failed: " + refused.text(), refused);
        }
        if (reason instanceof RedisUnavailableException unavailable) {
            return unavailable.of(name);
        }
        return new RedisUnavailableException(name + " failed: " + reason.text(), reason);
    }

    /** Returns the failure of a call that Redis refused. */
    RedisFailure refusedByRedis(RefusalReason reason, String why) {
        return new RedisRefusedException(reason, name + " failed: Redis at " + address + " refused: " + why, null);
    }

    /**
     * Returns the failure of a call that ended before it was sent.
     *
     * @param refusal the error for which it was to be sent again, or null
     */
    RedisFailure notSent(Throwable cause, @Nullable String refusal) {
        boolean timeIsUp = cause instanceof TimeoutException;
        if (timeIsUp && refusal != null) {
            return new RedisUnavailableException(
                    name + " failed: refused for " + waited() + ", Redis at " + address + ": "
                            + Failures.errorText(refusal) + "; the command has not run",
                    null);
        }
        return new RedisUnavailableException(
                name + " failed: " + (timeIsUp ? "not sent for " + waited() : Failures.describe(cause)) + ", Redis at "
                        + address + "; the command was not sent",
                timeIsUp ? null : cause);
    }

    /**
     * Returns the failure of a call that was sent and has no reply.
     *
     * @param refusal the error for which it was sent again, or null
     */
    RedisFailure unanswered(Throwable cause, @Nullable String refusal) {
        boolean timeIsUp = cause instanceof TimeoutException;
        return new RedisOutcomeUnknownException(
                name + " failed: "
                        + (timeIsUp ? "no answer from Redis at " : Failures.describe(cause) + ", Redis at ")
                        + address + (timeIsUp ? " in " : " after ") + waited()
                        + "; the command may or may not have run"
                        + (refusal == null ? "" : "; before that Redis refused it: " + Failures.errorText(refusal))
                        + (timeIsUp ? "" : sizeHint()),
                timeIsUp || cause instanceof CancellationException ? null : cause);
    }

    /** Returns a hint if the server may have closed the connection because of the size of the call, or else nothing. */
    String sizeHint() {
        int largest = 0;
        for (byte[] argument : arguments) {
            largest = Math.max(largest, argument.length);
        }
        return largest <= SizeLimit.ALWAYS_TAKEN
                ? ""
                : "; it sends a value of " + largest + " bytes, and a server closes the connection if one is above its"
                        + " proto-max-bulk-len or client-query-buffer-limit, or takes too much of maxmemory-clients";
    }

    private String waited() {
        return waitedMillis + " ms";
    }
}
