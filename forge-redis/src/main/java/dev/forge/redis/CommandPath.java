package dev.forge.redis;

import static java.util.function.Function.identity;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one place where every command of Forge is bounded, timed and sent.
 *
 * <p>A call that finds no connection fails at once; it is never queued. One that finds too many others in flight does the
 * same, which bounds the memory that a slow server can cost.
 */
final class CommandPath implements Call.Owner {

    /** The most commands of one manager that are under way at once. */
    static final int MOST_IN_FLIGHT = 16_384;

    private final RedisLink link;
    private final Deadlines deadlines;
    private final String address;
    private final AtomicInteger inFlight = new AtomicInteger();

    CommandPath(RedisLink link, Duration timeout, String address, ScheduledExecutorService executor) {
        this.link = link;
        this.address = address;
        this.deadlines = new Deadlines(timeout, executor);
    }

    /** Returns arguments to be filled for a command. */
    static CommandArgs<byte[], byte[]> args() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }

    <T> CompletableFuture<T> send(
            CommandType type,
            CommandOutput<byte[], byte[], T> output,
            @Nullable CommandArgs<byte[], byte[]> args,
            byte @Nullable [] key) {
        return send(type, output, args, key, identity());
    }

    /**
     * Sends one command.
     *
     * @param key the key to name in failures, or null
     * @param result makes the result of the reply; runs on an I/O thread
     */
    <R, T> CompletableFuture<T> send(
            CommandType type,
            CommandOutput<byte[], byte[], R> output,
            @Nullable CommandArgs<byte[], byte[]> args,
            byte @Nullable [] key,
            Function<R, T> result) {
        Call<R, T> call = new Call<>(type, output, args, key, result, this);
        if (inFlight.incrementAndGet() > MOST_IN_FLIGHT) {
            call.refuse(new RedisUnavailableException(
                    MOST_IN_FLIGHT + " commands to Redis at " + address + " are already under way", null));
            return call;
        }
        deadlines.watch(call);
        link.dispatch(call);
        return call;
    }

    /** Returns how many commands are under way. */
    int inFlight() {
        return inFlight.get();
    }

    @Override
    public void ended() {
        inFlight.decrementAndGet();
    }

    @Override
    public String address() {
        return address;
    }
}
