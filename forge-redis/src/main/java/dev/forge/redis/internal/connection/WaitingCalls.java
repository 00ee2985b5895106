package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.protocol.Call;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for a connection, in order; at most {@value PipelinedConnection#MOST_IN_FLIGHT}.
 *
 * <p>Not thread-safe: the lock of its owner guards it.
 */
public final class WaitingCalls {

    private final RedisFailure full;
    private final Queue<Call<?>> calls = new ArrayDeque<>();

    /** @param address the address that failures name */
    public WaitingCalls(String address) {
        this.full = PipelinedConnection.full(address);
    }

    /** Adds {@code call}; returns why it cannot wait, or null if it does. */
    public @Nullable RedisFailure add(Call<?> call) {
        if (calls.size() >= PipelinedConnection.MOST_IN_FLIGHT) {
            return full;
        }
        calls.add(call);
        return null;
    }

    /** Removes and returns all calls, in order. */
    public List<Call<?>> takeAll() {
        List<Call<?>> all = List.copyOf(calls);
        calls.clear();
        return all;
    }

    public int size() {
        return calls.size();
    }
}
