package dev.forge.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One command on its way: at once the command that the client sends and the future that the caller holds.
 *
 * <p>It knows how far it has come, and therefore what its failure means. Before {@link #claim()} nobody can send it. Between
 * that and {@link #encode} the client can still hand it back unsent. From the first encoded byte on it may have run.
 *
 * @param <R> what Redis replies
 * @param <T> what the caller gets
 */
final class Call<R, T> extends CompletableFuture<T> implements RedisCommand<byte[], byte[], R> {

    private static final int NEW = 0;
    private static final int CLAIMED = 1;
    private static final int ENCODED = 2;
    private static final int GIVEN_UP = 3;

    @SuppressWarnings("rawtypes") // an updater cannot name the type parameters
    private static final AtomicIntegerFieldUpdater<Call> STAGE =
            AtomicIntegerFieldUpdater.newUpdater(Call.class, "stage");

    private final CommandType type;
    private final @Nullable CommandArgs<byte[], byte[]> args;
    private final byte @Nullable [] key;
    private final Function<R, T> result;
    private final Owner owner;
    private final long startedAt = System.nanoTime();

    private CommandOutput<byte[], byte[], R> output;
    private volatile int stage = NEW;

    /** Who wants to know that a call is over, and where it went. */
    interface Owner {
        /** Is told once for each call, when it has ended in any way. */
        void ended();

        String address();
    }

    Call(
            CommandType type,
            CommandOutput<byte[], byte[], R> output,
            @Nullable CommandArgs<byte[], byte[]> args,
            byte @Nullable [] key,
            Function<R, T> result,
            Owner owner) {
        this.type = type;
        this.output = output;
        this.args = args;
        this.key = key;
        this.result = result;
        this.owner = owner;
    }

    /** Returns whether the caller of this method, and nobody else, may hand the call to a connection. */
    boolean claim() {
        return STAGE.compareAndSet(this, NEW, CLAIMED);
    }

    /** Returns how long ago the call was made, in nanoseconds. */
    long age() {
        return System.nanoTime() - startedAt;
    }

    /** Ends the call because its time is up. */
    void expire() {
        completeExceptionally(new TimeoutException());
    }

    /** Ends the call without sending it. */
    void refuse(RedisFailure reason) {
        if (STAGE.compareAndSet(this, NEW, GIVEN_UP)) {
            end(
                    reason instanceof RedisRefusedException refused
                            ? new RedisRefusedException(
                                    refused.reason(), name() + " failed: " + refused.text(), refused)
                            : new RedisUnavailableException(name() + " failed: " + reason.text(), reason));
        }
    }

    @Override
    public void encode(ByteBuf buffer) {
        STAGE.compareAndSet(this, CLAIMED, ENCODED);
        byte[] word = type.getBytes();
        ByteBufUtil.writeAscii(buffer, "*" + (1 + (args == null ? 0 : args.count())) + "\r\n$" + word.length + "\r\n");
        buffer.writeBytes(word);
        buffer.writeByte('\r').writeByte('\n');
        if (args != null) {
            args.encode(buffer);
        }
    }

    /** The reply is there: called by the client. */
    @Override
    public void complete() {
        if (output.hasError()) {
            String error = String.valueOf(output.getError());
            RefusalReason reason = RefusalReason.of(error);
            end(new RedisRefusedException(
                    reason,
                    name() + " failed: Redis at " + owner.address() + " refused: " + Failures.errorText(error),
                    null));
            return;
        }
        T value;
        try {
            value = result.apply(output.get());
        } catch (RuntimeException e) {
            end(e);
            return;
        }
        complete(value);
    }

    /** The client or the caller gives the call up; what that means depends on how far it has come. */
    @Override
    public boolean completeExceptionally(Throwable cause) {
        if (isDone()) {
            return false;
        }
        boolean timeIsUp = cause instanceof TimeoutException;
        if (STAGE.compareAndSet(this, NEW, GIVEN_UP)) {
            return end(new RedisUnavailableException(
                    name() + " failed: " + (timeIsUp ? waited() + " without a connection" : Failures.words(cause))
                            + ", Redis at " + owner.address() + "; the command was not sent",
                    timeIsUp ? null : cause));
        }
        if (stage == CLAIMED && !timeIsUp && !(cause instanceof CancellationException)) {
            return end(new RedisUnavailableException(
                    name() + " failed: " + Failures.words(cause) + ", Redis at " + owner.address()
                            + "; the command was not sent",
                    cause));
        }
        return end(new RedisOutcomeUnknownException(
                name() + " failed: " + (timeIsUp ? "no answer from Redis at " : Failures.words(cause) + ", Redis at ")
                        + owner.address() + (timeIsUp ? " in " : " after ") + waited()
                        + "; the command may or may not have run",
                timeIsUp ? null : cause));
    }

    @Override
    public boolean complete(T value) {
        boolean first = super.complete(value);
        if (first) {
            owner.ended();
        }
        return first;
    }

    /** The caller does not want the answer any more. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        STAGE.compareAndSet(this, NEW, GIVEN_UP);
        boolean first = super.cancel(mayInterruptIfRunning);
        if (first) {
            owner.ended();
        }
        return first;
    }

    /** The client drops the call, because the connection is gone. */
    @Override
    public void cancel() {
        completeExceptionally(new IllegalStateException("the connection was reset"));
    }

    private boolean end(Throwable failure) {
        boolean first = super.completeExceptionally(failure);
        if (first) {
            owner.ended();
        }
        return first;
    }

    /** Returns the operation and the key, as messages show them. */
    private String name() {
        return key == null ? type.toString() : type + " " + RedisKey.shown(new String(key, UTF_8));
    }

    private String waited() {
        return age() / 1_000_000 + " ms";
    }

    @Override
    public CommandOutput<byte[], byte[], R> getOutput() {
        return output;
    }

    @Override
    public void setOutput(CommandOutput<byte[], byte[], R> output) {
        this.output = output;
    }

    @Override
    public @Nullable CommandArgs<byte[], byte[]> getArgs() {
        return args;
    }

    @Override
    public ProtocolKeyword getType() {
        return type;
    }

    @Override
    public String toString() {
        return name();
    }
}
