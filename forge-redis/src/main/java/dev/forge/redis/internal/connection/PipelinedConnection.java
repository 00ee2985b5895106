package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.Command;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.transport.Wire;
import dev.forge.redis.script.LuaScript;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection with its calls: those that wait to be sent, and those that wait for a reply.
 *
 * <p>{@link CallWriter} writes the calls of many threads together, and {@link ConnectionMonitor} monitors whether the
 * server replies. When the connection is lost, calls that were not sent fail as never sent, and the others as unknown.
 *
 * <p>Thread-safe. Nothing here blocks.
 */
public final class PipelinedConnection implements CallConnection {

    /** The most calls that one connection has queued or in flight at once. */
    public static final int MOST_IN_FLIGHT = 16_384;

    private static final long FINISHING_STEP_MILLIS = 20;
    private static final int MOST_FINISHING_STEPS = 25;
    private static final long READING_MILLIS = 50;

    private final String address;
    private final Wire wire;
    private final Scheduler scheduler;

    // How many calls are under way, and in the upper half for how many of them a thread waits: one counter for both.
    private final AtomicLong load = new AtomicLong();
    private final KnownScripts scripts = new KnownScripts();
    private final CallWriter writer;
    private final CallReader reader;
    private final Beside beside;
    private final ConnectionMonitor monitor;

    private volatile DirectConnections directs;
    private volatile Runnable onClose = () -> {};
    private @Nullable ThreadAffinity affinity;
    private int number;

    // Why the server reads no more commands, or null; written by the reader.
    private volatile @Nullable RedisFailure cutOff;

    /**
     * @param wire a connection that is logged in
     * @param question makes the command that pings the server
     * @param pushes takes each push message of the server, on the thread that reads
     * @param beside opens a direct connection to the same server
     */
    PipelinedConnection(
            String address,
            Wire wire,
            Supplier<Call<?>> question,
            PushListener pushes,
            Beside beside,
            Scheduler scheduler) {
        Unanswered answers = new Unanswered();
        this.address = address;
        this.wire = wire;
        this.scheduler = scheduler;
        this.writer = new CallWriter(address, wire, answers, scripts, this::givenUp);
        this.reader = new CallReader(this, wire, answers, pushes);
        this.monitor = new ConnectionMonitor(this, question, scheduler);
        this.beside = beside;
        this.directs = directs(0, Duration.ZERO);
    }

    /** Opens a direct connection to the server of this connection. */
    interface Beside {

        /** Opens it; {@code made} makes the connection once the wire is there. */
        CompletableFuture<DirectConnection> open(Duration patience, Function<Wire, DirectConnection> made);
    }

    /** Reads replies until the connection is closed. Blocks; called once, on a thread for that alone. */
    void read() {
        reader.run();
    }

    /** Writes calls until the connection is closed. Blocks; called once, on a thread for that alone. */
    void write() {
        try {
            writer.run();
        } catch (IOException e) {
            // Nothing more can be written, but replies that have arrived can still be read.
            later(READING_MILLIS, this::close);
        } catch (Throwable e) {
            // For example for lack of memory, with a part of a command written.
            close();
            throw e;
        }
    }

    @Override
    public String address() {
        return address;
    }

    /**
     * Opens the connection for calls.
     *
     * @param onClose runs on the thread that reads once the connection is closed, before its calls fail
     */
    public void open(Runnable onClose) {
        this.onClose = onClose;
        monitor.heard();
    }

    /** Makes this connection {@code number} of a node; its calls count in {@code affinity}. */
    public void join(ThreadAffinity affinity, int number) {
        this.affinity = affinity;
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Allows up to {@code most} direct connections beside this one, each of which may take {@code patience} to open. */
    public void allowDirect(int most, Duration patience) {
        directs = directs(most, patience);
    }

    private DirectConnections directs(int most, Duration patience) {
        return new DirectConnections(time -> beside.open(time, this::direct), patience, most);
    }

    private DirectConnection direct(Wire other) {
        return new DirectConnection(address, other, scripts.beside(), this::missedDirectly);
    }

    private void missedDirectly(Call<?> call) {
        directs.pause();
        monitor.missed(call);
    }

    /** Returns whether {@code connection} is one of the direct connections beside this one. */
    public boolean isBeside(@Nullable CallConnection connection) {
        return directs.has(connection);
    }

    /** Returns the direct connections beside this one, which may have none. */
    public DirectConnections directs() {
        return directs;
    }

    @Override
    public boolean isOfNode() {
        return affinity != null;
    }

    public boolean isOpen() {
        return !writer.isClosed();
    }

    /** Returns the monitor of this connection. */
    public ConnectionMonitor monitor() {
        return monitor;
    }

    /** Returns how many calls wait to be sent or for a reply. */
    public int load() {
        return writer.isClosed() ? 0 : (int) load.get();
    }

    /** Returns how many of them have a caller that is blocked. */
    public int blockedCallers() {
        return (int) (load.get() >>> Integer.SIZE);
    }

    /** Returns by how much a call adds to the load: ASKING, which the writer puts before another call, by nothing. */
    private static long weight(Call<?> call) {
        if (call.command() == Command.ASKING) {
            return 0;
        }
        return call.waitedFor ? 1L << Integer.SIZE | 1 : 1;
    }

    /** Queues a call, which is sent at once; returns false if the connection is full. */
    public boolean offer(Call<?> call) {
        if ((int) load.addAndGet(weight(call)) > MOST_IN_FLIGHT) {
            load.addAndGet(-weight(call));
            return false;
        }
        put(call);
        return true;
    }

    /** Queues a call that has waited for this connection, or refuses it if the connection is full. */
    void hand(Call<?> call) {
        ThreadAffinity mine = affinity;
        if (mine != null) {
            mine.enter(call, this);
        }
        if (!offer(call)) {
            if (mine != null) {
                mine.leave(call, this);
            }
            call.refuse(full(address));
        }
    }

    @Override
    public void forgotten(Call<?> call, LuaScript script) {
        scripts.forgetAllBut(script);
        hand(call);
    }

    /** Queues a call of the connection itself, such as a PING, even if the connection is full. */
    public void urge(Call<?> call) {
        load.addAndGet(weight(call));
        put(call);
    }

    private void put(Call<?> call) {
        call.connection = this;
        writer.add(call);
    }

    /** The reply to {@code call} has been read, and is about to be delivered. Runs on the thread that reads. */
    void replied(Call<?> call) {
        monitor.answer();
        givenUp(call);
        if (cutOff != null) {
            // A later reply shows that the server still reads.
            cutOff = null;
        }
    }

    /** Removes a call from the load: it has its reply, or was given up before it was sent. */
    private void givenUp(Call<?> call) {
        load.addAndGet(-weight(call));
        ThreadAffinity mine = affinity;
        if (mine != null) {
            mine.leave(call, this);
        }
    }

    @Override
    public void cutOff(String error) {
        cutOff = new RedisUnavailableException(
                "Redis at " + address + " closed the connection because of another command (" + error
                        + "); this one has not run",
                null);
    }

    /** Returns whether the server closed the connection because of a command, and so would accept another at once. */
    boolean isCutOff() {
        return cutOff != null;
    }

    @Override
    public void missed(Call<?> call, boolean provesSilence) {
        if (provesSilence) {
            monitor.missed(call);
        }
    }

    /** Closes it when its calls have replies, or after half a second. A thread may have chosen it just before. */
    public void finish() {
        directs.finish();
        finish(MOST_FINISHING_STEPS);
    }

    private void finish(int steps) {
        later(FINISHING_STEP_MILLIS, () -> {
            if (load() == 0 || steps == 1) {
                close();
            } else {
                finish(steps - 1);
            }
        });
    }

    /** Runs {@code task}, which must be short, on the clock; or at once, if the manager has closed. */
    private void later(long millis, Runnable task) {
        try {
            var unused = scheduler.schedule(task, millis);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    /** Returns whether it waits for the server, and not for a callback or for the processor. */
    boolean isListening() {
        return reader.isListening();
    }

    @Override
    public void close() {
        wire.close();
    }

    /** Called when the connection has closed: its calls fail. Runs on the thread that reads. */
    void lost() {
        writer.close();
        directs.close();
        try {
            onClose.run();
        } finally {
            writer.failAll(cutOff);
        }
    }

    /** Returns the failure of a call for which the connections to {@code address} are full. */
    public static RedisFailure full(String address) {
        return RedisUnavailableException.backPressure(
                MOST_IN_FLIGHT + " commands to Redis at " + address + " are already under way");
    }
}
