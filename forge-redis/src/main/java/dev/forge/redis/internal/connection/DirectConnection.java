package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.MisplacedReplyException;
import dev.forge.redis.internal.protocol.ReplyReader;
import dev.forge.redis.internal.protocol.RespWriter;
import dev.forge.redis.internal.transport.Wire;
import dev.forge.redis.script.LuaScript;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that one blocking caller at a time has for itself: it sends a call and reads the reply on its own
 * thread.
 *
 * <p>A connection whose reply was not read to its end, or on which anything else went wrong, is closed and never used
 * again. So a late reply cannot reach another call. The deadline of the call that uses it closes it too; that of an
 * earlier one, which may wait elsewhere by then, does not concern it.
 */
final class DirectConnection implements CallConnection {

    static final int BUFFER = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");

    // A connection that was idle for longer is checked before it is used.
    private static final long CHECKED_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String address;
    private final Wire wire;
    private final KnownScripts scripts;
    private final Consumer<Call<?>> missed;
    private final ReplyReader reader;
    private final CallEncoder encoder;

    // The call that uses it; null between two, and once the deadline of that one has passed.
    private final AtomicReference<@Nullable Call<?>> current = new AtomicReference<>();

    private volatile boolean closed;
    private volatile long usedAt = System.nanoTime();

    // Confined to the caller that uses the connection.
    private boolean sendAgain;

    /**
     * @param scripts those that it has sent: none yet
     * @param missed takes a call whose deadline has passed
     */
    DirectConnection(String address, Wire wire, KnownScripts scripts, Consumer<Call<?>> missed) {
        this.address = address;
        this.wire = wire;
        this.scripts = scripts;
        this.missed = missed;
        this.encoder = new CallEncoder(address, BUFFER, scripts);
        this.reader = new ReplyReader(wire, BUFFER);
    }

    @Override
    public String address() {
        return address;
    }

    /** Returns since when it has not been used, on the clock of {@link System#nanoTime()}. */
    long usedAt() {
        return usedAt;
    }

    /** Returns whether it may be used: the server has neither closed it nor sent anything meanwhile. */
    boolean isUsable() {
        return !closed && (System.nanoTime() - usedAt < CHECKED_AFTER_NANOS || wire.isQuiet());
    }

    /** Sends {@code call} and reads its reply; blocks, at most until its deadline. */
    void run(Call<?> call) {
        current.set(call);
        call.connection = this;
        if (call.claim()) {
            do {
                sendAgain = false;
            } while (answered(call) && sendAgain);
        }
        if (!current.compareAndSet(call, null)) {
            // Its deadline has passed, and the thread that noticed may not have closed the connection yet.
            close();
        }
        usedAt = System.nanoTime();
    }

    private boolean answered(Call<?> call) {
        RespWriter bytes = encoder.bytes();
        bytes.clear();
        if (!encoder.add(call, null)) {
            return false;
        }
        try {
            wire.write(bytes.bytes(), 0, bytes.length());
            call.readFrom(reader);
            if (reader.hasMore()) {
                throw MisplacedReplyException.unasked();
            }
        } catch (MisplacedReplyException e) {
            LOG.warn("Redis at {} sent {}; closing the connection", address, e.getMessage());
            lost(call, e);
            return false;
        } catch (IOException | RuntimeException | Error e) {
            lost(call, e);
            return false;
        }
        call.replied();
        return true;
    }

    private void lost(Call<?> call, Throwable cause) {
        close();
        // An interrupted caller, or one whose deadline has passed, is told about that, not about its connection.
        if (current.get() != null && !Thread.currentThread().isInterrupted()) {
            call.lost(cause);
        }
    }

    @Override
    public void cutOff(String error) {
        // No other call is on this connection.
        close();
    }

    @Override
    public void missed(Call<?> call, boolean provesSilence) {
        if (current.compareAndSet(call, null)) {
            close();
            if (provesSilence) {
                missed.accept(call);
            }
        }
    }

    @Override
    public void forgotten(Call<?> call, LuaScript script) {
        scripts.forgetAllBut(script);
        sendAgain = call.claim();
    }

    @Override
    public boolean isOfNode() {
        return true;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        wire.close();
    }
}
