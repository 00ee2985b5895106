package dev.forge.redis.internal.protocol;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.script.LuaScript;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One command from start to end: both the command that is sent and the future that the caller holds.
 *
 * <p>It tracks its own stage, which decides what its failure means: until {@link #claim()} no byte of it has been sent;
 * from then on it may have run, until a reply says otherwise. It is also its own link in the two lists that contain it,
 * so that sending and timing it allocates no other object.
 *
 * @param <T> what the caller gets
 */
public sealed class Call<T> extends CallerFuture<T> permits ObservedCall {

    /** The stripe of a call that counts in none. */
    public static final int NO_STRIPE = -1;

    private static final int WAITING = 0;
    private static final int SENT = 1;
    private static final int GIVEN_UP = 2;

    @SuppressWarnings("rawtypes") // an updater cannot name the type parameters
    private static final AtomicIntegerFieldUpdater<Call> STAGE =
            AtomicIntegerFieldUpdater.newUpdater(Call.class, "stage");

    private static final String PROTOCOL_ERROR = "ERR Protocol error";

    private final Command command;
    private final byte @Nullable [] key;
    private final CallOwner owner;
    private final long startedAt;

    private byte[][] arguments;
    private Reply<T> reply;
    private volatile int stage = WAITING;

    /** The next call in the one queue of a connection that it is in: to be sent, or to be answered. */
    @Nullable
    public Call<?> nextToSend;

    /** The next call in the list of {@link dev.forge.redis.internal.command.Deadlines}. */
    @Nullable
    public Call<?> nextToWatch;

    /** The connection that it was last given to, and the stripe of its thread in which it counts. */
    volatile @Nullable public CallConnection connection;

    public int stripe = NO_STRIPE;

    /** The timeout of its caller, if that is shorter than the general one. */
    public long timeoutNanos = Long.MAX_VALUE;

    /** The node to which it is addressed whatever its key, or null. */
    @Nullable
    public CallTarget node;

    /** How many times it has been redirected, because Redis said that another node serves its key; a byte saves eight. */
    public byte repeats;

    /** The last error for which it was sent again, or null: what to name if its time ends meanwhile. */
    @Nullable
    public String refusal;

    /** Whether its caller sends each of its keys by itself if Redis cannot serve them together. */
    public boolean divisible;

    /** Whether it has already been sent again after a lost connection. */
    public boolean retried;

    /** Whether the thread that makes it waits for it. */
    public boolean waitedFor;

    /** Whether that thread may still send it itself. */
    public boolean mayGoDirectly;

    /** Whether ASKING must precede it, because the slot is being moved to the node that it is sent to. */
    public boolean asking;

    /** The script that it runs, or null if it runs none. */
    @Nullable
    public LuaScript script;

    /** Supplies its arguments when it is sent, or null if it has them. */
    @Nullable
    Supplier<byte[][]> late;

    /**
     * @param arguments the command and its arguments, the first of which is the name of the command
     * @param key the key that decides the node and that failures name, or null
     * @param startedAt when the caller began to wait, on the clock of {@link System#nanoTime()}
     */
    public Call(
            Command command,
            byte[][] arguments,
            byte @Nullable [] key,
            Reply<T> reply,
            CallOwner owner,
            long startedAt) {
        this.command = command;
        this.arguments = arguments;
        this.key = key;
        this.reply = reply;
        this.owner = owner;
        this.startedAt = startedAt;
    }

    public Command command() {
        return command;
    }

    public byte @Nullable [] key() {
        return key;
    }

    /** Returns whether it reads its key, wherever that is, so that a replica may serve it. */
    public boolean isReadOfKey() {
        return command.isRead() && key != null && node == null;
    }

    /** Replaces the digest of its script by the source, for a connection that has not sent that yet. */
    public void inFull(LuaScript whole) {
        arguments[0] = Command.EVAL.getBytes();
        arguments[1] = whole.source();
    }

    /** Returns whether it runs a script by its digest, which the server may not know. */
    public boolean isByDigest() {
        return arguments[0] == Command.EVALSHA.getBytes();
    }

    /** Claims the call for sending; returns true to one thread only, which must send it. */
    public boolean claim() {
        return !isDone() && STAGE.compareAndSet(this, WAITING, SENT) && hasArguments();
    }

    private boolean hasArguments() {
        Supplier<byte[][]> supplier = late;
        if (supplier == null) {
            return true;
        }
        late = null;
        try {
            arguments = supplier.get();
            return true;
        } catch (Throwable e) { // An Error too: the call is claimed, so nothing else would end it.
            fail(e);
            return false;
        }
    }

    /** Resets the call as if it had never been sent: Redis has refused it, or it only reads. */
    public boolean startOver() {
        if (isDone()) {
            return false;
        }
        reply = reply.again();
        return STAGE.compareAndSet(this, SENT, WAITING) || stage == WAITING;
    }

    /** Returns when the caller began to wait, on the clock of {@link System#nanoTime()}. */
    public long startedAt() {
        return startedAt;
    }

    /** Fails the call because it has timed out. */
    public void expire() {
        completeExceptionally(new TimeoutException());
    }

    /** Fails the call, which has not been sent. */
    public void refuse(RedisFailure reason) {
        STAGE.compareAndSet(this, WAITING, GIVEN_UP);
        fail(failures().refused(reason));
    }

    /** Handles the loss of the connection on which it was sent, or for which it waits. */
    public void lost(Throwable cause) {
        if (!isDone() && !owner.sentAgain(this, false)) {
            completeExceptionally(cause);
        }
    }

    /** Handles the loss of its connection after the server has said that it reads no more: the call has not run. */
    public void cutOff(RedisFailure reason) {
        if (!isDone() && !owner.sentAgain(this, true)) {
            unsent(reason);
        }
    }

    /** Fails the call, of which the server has read nothing. */
    public void unsent(RedisFailure reason) {
        if (startOver()) {
            refuse(reason);
        }
    }

    /** Adds its bytes to {@code writer}. */
    public void writeTo(RespWriter writer) {
        writer.write(arguments);
    }

    /** Reads its reply. It has not ended then: {@link #replied()} ends it. */
    public void readFrom(ReplyReader reader) throws IOException {
        reader.read(reply);
    }

    /** Ends the call, whose reply has been read. Never throws, because the connection is still in order. */
    public void replied() {
        try {
            end();
        } catch (Throwable e) {
            completeExceptionally(e);
        }
    }

    private void end() {
        String error = reply.error();
        if (error != null) {
            RefusalReason reason = RefusalReason.of(error);
            if (!isDone() && !owner.sentElsewhere(this, reason, error)) {
                refusedByRedis(reason, error);
            }
            return;
        }
        Throwable failure = reply.failure();
        if (failure != null) {
            fail(failure);
            return;
        }
        T value;
        try {
            value = reply.result();
        } catch (Throwable e) { // An Error too: Redis has answered.
            fail(e);
            return;
        }
        complete(value);
    }

    /** Fails the call with {@code error}, the answer of Redis. */
    public void refusedByRedis(RefusalReason reason, String error) {
        CallFailures failures = failures();
        CallConnection sender = connection;
        String why = Failures.errorText(error);
        if (sender != null && error.startsWith(PROTOCOL_ERROR)) {
            String hint = failures.sizeHint();
            // A script may return any error text.
            if (command != Command.EVALSHA || !hint.isEmpty()) {
                sender.cutOff(why);
            }
            why += hint;
        }
        fail(failures.refusedByRedis(reason, why + Failures.otherUrl(command, error, isForOneServer())));
    }

    /** Returns whether it has a key, and nothing says that the server is one of several. */
    private boolean isForOneServer() {
        return key != null && node == null && repeats == 0;
    }

    /** Fails the call; its stage decides which failure it is. */
    @Override
    public boolean completeExceptionally(Throwable cause) {
        if (isDone()) {
            return false;
        }
        boolean unsent = STAGE.compareAndSet(this, WAITING, GIVEN_UP);
        CallFailures failures = failures();
        return fail(unsent ? failures.notSent(cause, refusal) : failures.unanswered(cause, refusal));
    }

    /** Ends the call with {@code failure}; returns whether that is its outcome. */
    boolean fail(Throwable failure) {
        return super.completeExceptionally(failure);
    }

    /** Cancels the call for its caller. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        STAGE.compareAndSet(this, WAITING, GIVEN_UP);
        return super.cancel(mayInterruptIfRunning);
    }

    private CallFailures failures() {
        CallConnection sender = connection;
        String address = sender == null ? owner.address() : sender.address();
        return new CallFailures(toString(), address, (System.nanoTime() - startedAt) / 1_000_000, arguments);
    }

    /** Returns the operation and the key, as messages show them. */
    @Override
    public String toString() {
        return CallFailures.name(command, key);
    }
}
