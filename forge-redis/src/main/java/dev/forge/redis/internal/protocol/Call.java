package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.script.LuaScript;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.protocol.RedisProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One command on its way: at once the command that is sent and the future that the caller holds.
 *
 * <p>It knows how far it has come, and therefore what its failure means: until {@link #claim()} nobody has sent a byte of it;
 * from then on it may have run, until an answer says otherwise. It is also its own link in the two lists that it stands in,
 * so that sending and timing it costs no other object.
 *
 * @param <T> what the caller gets
 */
public final class Call<T> extends CallerFuture<T> implements RedisCommand<byte[], byte[], @Nullable Object> {

    /** The lane of a call that counts in none. */
    public static final int NO_LANE = -1;

    private static final int WAITING = 0;
    private static final int SENT = 1;
    private static final int GIVEN_UP = 2;

    @SuppressWarnings("rawtypes") // an updater cannot name the type parameters
    private static final AtomicIntegerFieldUpdater<Call> STAGE =
            AtomicIntegerFieldUpdater.newUpdater(Call.class, "stage");

    private static final byte[][] NOT_YET = {};
    private static final String PROTOCOL_ERROR = "ERR Protocol error";

    private final Command command;
    private final byte @Nullable [] key;
    private final Owner owner;
    private final long startedAt;

    private byte[][] arguments;
    private Reply<T> reply;
    private volatile int stage = WAITING;

    /** The next one in the list of an {@link dev.forge.redis.internal.connection.PipelinedConnection Outbox}. */
    @Nullable
    public Call<?> nextToSend;

    /** The next one in the list of {@link dev.forge.redis.internal.command.Deadlines Deadlines}. */
    @Nullable
    public Call<?> nextToWatch;

    /** The connection that it was given to last, and the lane of its thread that it counts in. */
    volatile @Nullable public CallConnection connection;

    public int lane = NO_LANE;

    /** How long its caller waits, if that is less than for any call. */
    public long timeoutNanos = Long.MAX_VALUE;

    /** The node that it was meant for whatever its key, or null. */
    @Nullable
    public CallTarget node;

    /** How many times it has been sent anew, because Redis said that another node serves its key. */
    public int repeats;

    /** Whether it was already sent anew after a lost connection. */
    public boolean retried;

    /** Whether Redis has to be told that it is expected here although the slot is still elsewhere. */
    public boolean asking;

    /** The script that it runs, or null. */
    @Nullable
    public LuaScript script;

    /** Gives its words when it leaves, or null if it has them. */
    private @Nullable Supplier<byte[][]> late;

    /** Who wants to know what becomes of a call. */
    public interface Owner {
        /** Nobody: what becomes of the call is between it and its connection. */
        Owner NOBODY = new Owner() {
            @Override
            public String address() {
                return "";
            }

            @Override
            public boolean sentElsewhere(Call<?> call, RefusalReason reason, String error) {
                return false;
            }

            @Override
            public boolean sentAgain(Call<?> call, boolean hasNotRun) {
                return false;
            }
        };

        String address();

        /** Returns whether the call, which Redis refused, has been sent anew and must not end. */
        boolean sentElsewhere(Call<?> call, RefusalReason reason, String error);

        /**
         * Returns whether the call, whose connection is gone, has been sent again and must not end.
         *
         * @param hasNotRun whether it is certain that it has not run
         */
        boolean sentAgain(Call<?> call, boolean hasNotRun);
    }

    /**
     * @param arguments the command and its arguments, the first of which is the name of the command
     * @param key the key that says which node is meant, and that failures name; or null
     * @param startedAt since when the caller waits, on the clock of {@link System#nanoTime()}
     */
    public Call(
            Command command, byte[][] arguments, byte @Nullable [] key, Reply<T> reply, Owner owner, long startedAt) {
        this.command = command;
        this.arguments = arguments;
        this.key = key;
        this.reply = reply;
        this.owner = owner;
        this.startedAt = startedAt;
    }

    /**
     * Makes one whose words are not known before it leaves, and that needs no key to find its way.
     *
     * @param late gives the words, once, on the thread that sends them
     */
    public static <T> Call<T> late(
            Command command, Supplier<byte[][]> late, Reply<T> reply, Owner owner, long startedAt) {
        Call<T> call = new Call<>(command, NOT_YET, null, reply, owner, startedAt);
        call.late = late;
        return call;
    }

    public Command command() {
        return command;
    }

    public byte @Nullable [] key() {
        return key;
    }

    /** Returns how many bytes it takes on the wire, at most. */
    public int length() {
        return RespWriter.length(arguments);
    }

    /** Sends its script in full, to a connection that has not seen it. */
    public void inFull(LuaScript whole) {
        arguments[0] = Command.EVAL.getBytes();
        arguments[1] = whole.source();
    }

    /** Returns whether the caller of this method, and nobody else, may send the call. */
    public boolean claim() {
        return !isDone() && STAGE.compareAndSet(this, WAITING, SENT) && hasWords();
    }

    private boolean hasWords() {
        Supplier<byte[][]> giver = late;
        if (giver == null) {
            return true;
        }
        late = null;
        try {
            arguments = giver.get();
            return true;
        } catch (Throwable e) { // An Error too: the call is claimed, so no one else would end it.
            super.completeExceptionally(e);
            return false;
        }
    }

    /** Makes it as if it had never been sent: Redis has refused it, or it only reads. */
    public boolean startOver() {
        if (isDone()) {
            return false;
        }
        reply = reply.again();
        return STAGE.compareAndSet(this, SENT, WAITING) || stage == WAITING;
    }

    /** Returns since when the caller waits, on the clock of {@link System#nanoTime()}. */
    public long startedAt() {
        return startedAt;
    }

    /** Ends the call because its time is up. */
    public void expire() {
        completeExceptionally(new TimeoutException());
    }

    /** Ends the call, which has not been sent. */
    public void refuse(RedisFailure reason) {
        STAGE.compareAndSet(this, WAITING, GIVEN_UP);
        if (reason instanceof RedisRefusedException refused) {
            super.completeExceptionally(
                    new RedisRefusedException(refused.reason(), name() + " failed: " + refused.text(), refused));
        } else if (reason instanceof RedisUnavailableException unavailable) {
            super.completeExceptionally(unavailable.of(name()));
        } else {
            super.completeExceptionally(new RedisUnavailableException(name() + " failed: " + reason.text(), reason));
        }
    }

    /** The connection that it was sent on, or waits for, is gone. */
    public void lost(Throwable cause) {
        if (!isDone() && !owner.sentAgain(this, false)) {
            completeExceptionally(cause);
        }
    }

    /** The connection that it was sent on is gone, and the server had said before that it reads no more. */
    public void cutOff(RedisFailure reason) {
        if (!isDone() && !owner.sentAgain(this, true)) {
            unsent(reason);
        }
    }

    /** Ends the call, of which nothing has reached the server, or nothing that it has read. */
    public void unsent(RedisFailure reason) {
        if (startOver()) {
            refuse(reason);
        }
    }

    @Override
    public void encode(ByteBuf buffer) {
        RespWriter.write(arguments, buffer);
    }

    /** The reply is there: called by the client. */
    @Override
    public void complete() {
        CallConnection sender = connection;
        if (sender != null && !sender.replied(this)) {
            return;
        }
        end();
        if (sender != null) {
            sender.handedOut(this);
        }
    }

    private void end() {
        if (reply.hasError()) {
            String error = String.valueOf(reply.getError());
            RefusalReason reason = RefusalReason.of(error);
            if (isDone() || owner.sentElsewhere(this, reason, error)) {
                return;
            }
            CallConnection sender = connection;
            String why = Failures.errorText(error);
            if (sender != null && error.startsWith(PROTOCOL_ERROR)) {
                String hint = sizeHint();
                // A script may say what it likes.
                if (command != Command.EVALSHA || !hint.isEmpty()) {
                    sender.cutOff(why);
                }
                why += hint;
            }
            super.completeExceptionally(new RedisRefusedException(
                    reason, name() + " failed: Redis at " + where() + " refused: " + why, null));
            return;
        }
        T value;
        try {
            value = reply.result();
        } catch (RuntimeException e) {
            super.completeExceptionally(e);
            return;
        }
        complete(value);
    }

    /** The client or the caller gives the call up; what that means depends on how far it has come. */
    @Override
    public boolean completeExceptionally(Throwable cause) {
        if (isUnreadable(cause)) {
            return false;
        }
        if (isDone()) {
            return false;
        }
        boolean timeIsUp = cause instanceof TimeoutException;
        if (STAGE.compareAndSet(this, WAITING, GIVEN_UP)) {
            return super.completeExceptionally(new RedisUnavailableException(
                    name() + " failed: " + (timeIsUp ? "not sent for " + waited() : Failures.describe(cause))
                            + ", Redis at " + where() + "; the command was not sent",
                    timeIsUp ? null : cause));
        }
        return super.completeExceptionally(new RedisOutcomeUnknownException(
                name() + " failed: "
                        + (timeIsUp ? "no answer from Redis at " : Failures.describe(cause) + ", Redis at ")
                        + where() + (timeIsUp ? " in " : " after ") + waited()
                        + "; the command may or may not have run" + (timeIsUp ? "" : sizeHint()),
                timeIsUp || cause instanceof CancellationException ? null : cause));
    }

    /** Returns whether {@code cause} is about what was read as its reply; the call then ends with the connection. */
    private boolean isUnreadable(Throwable cause) {
        CallConnection sender = connection;
        if (sender != null && cause instanceof MisplacedReplyException misplaced) {
            // The client goes on reading, and says so when the reply is complete.
            sender.distrust(misplaced);
            return true;
        }
        if (sender != null && cause instanceof RedisProtocolException) {
            sender.distrust(new MisplacedReplyException("bytes that are no reply"));
            return sender.distrusts(this);
        }
        return false;
    }

    /** The caller does not want the answer any more. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        STAGE.compareAndSet(this, WAITING, GIVEN_UP);
        return super.cancel(mayInterruptIfRunning);
    }

    /** The client drops the call, because the connection is gone. */
    @Override
    public void cancel() {
        completeExceptionally(new IllegalStateException("the connection was reset"));
    }

    /** Returns the operation and the key, as messages show them. */
    private String name() {
        return key == null ? command.toString() : command + " " + RedisKey.shown(new String(key, UTF_8));
    }

    /** Returns what to look at where the size of the call may be why the server has closed the connection. */
    private String sizeHint() {
        int largest = 0;
        for (byte[] argument : arguments) {
            largest = Math.max(largest, argument.length);
        }
        return largest <= SizeLimit.ALWAYS_TAKEN
                ? ""
                : "; it sends a value of " + largest + " bytes, and a server closes the connection if one is above its"
                        + " proto-max-bulk-len";
    }

    /** Returns the node that it was given to, or else what the manager is connected to. */
    private String where() {
        CallConnection sender = connection;
        return sender == null ? owner.address() : sender.address();
    }

    private String waited() {
        return (System.nanoTime() - startedAt) / 1_000_000 + " ms";
    }

    @Override
    public CommandOutput<byte[], byte[], @Nullable Object> getOutput() {
        return reply;
    }

    @Override
    public void setOutput(CommandOutput<byte[], byte[], @Nullable Object> output) {
        throw new UnsupportedOperationException("a call makes its own output");
    }

    @Override
    public @Nullable CommandArgs<byte[], byte[]> getArgs() {
        return null;
    }

    @Override
    public ProtocolKeyword getType() {
        return command;
    }

    @Override
    public String toString() {
        return name();
    }
}
