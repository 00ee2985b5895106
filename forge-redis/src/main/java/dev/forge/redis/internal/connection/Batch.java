package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.script.LuaScript;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls that are sent in one write. Confined to the event loop. */
final class Batch {

    // Few enough that replies to earlier calls are read in between, and that one large batch does not delay others.
    private static final int MOST_CALLS = 256;
    private static final int LARGEST = 64 * 1024;
    private static final int FIRST_BUFFER = 4 * 1024;

    private final String address;
    private final Consumer<Call<?>> givenUp;
    private final ByteBufAllocator alloc;
    private final Queue<RedisCommand<?, ?, ?>> answers;
    private final KnownScripts scripts;

    private @Nullable ByteBuf buffer;
    private int calls;

    /**
     * @param address the address that failures name
     * @param givenUp takes each call that will not be written
     * @param answers the calls of the connection that await a reply, in order
     */
    Batch(
            String address,
            Consumer<Call<?>> givenUp,
            ByteBufAllocator alloc,
            Queue<RedisCommand<?, ?, ?>> answers,
            KnownScripts scripts) {
        this.address = address;
        this.givenUp = givenUp;
        this.alloc = alloc;
        this.answers = answers;
        this.scripts = scripts;
    }

    boolean isFull() {
        return calls >= MOST_CALLS || (buffer != null && buffer.readableBytes() >= LARGEST);
    }

    /** Adds {@code call} unless it has been given up; {@code last} says whether it is the last one. */
    void add(Call<?> call, boolean last) {
        if (!call.claim()) {
            givenUp.accept(call);
            return;
        }
        LuaScript script = call.script;
        if (script != null && scripts.isNew(script)) {
            call.inFull(script);
        }
        Call<Void> asking = call.asking ? HandshakeCommands.asking() : null;
        if (!isWritten(call, asking, last)) {
            return;
        }
        if (asking != null) {
            answers.add(asking);
        }
        answers.add(call);
        calls++;
    }

    /** Writes {@code call}; if that fails, for example for want of memory, only this call fails. */
    private boolean isWritten(Call<?> call, @Nullable Call<Void> asking, boolean last) {
        int before = buffer == null ? 0 : buffer.writerIndex();
        try {
            ByteBuf to = buffer;
            if (to == null) {
                to = alloc.ioBuffer(last && calls == 0 ? call.length() : Math.max(FIRST_BUFFER, call.length()));
                buffer = to;
            }
            if (asking != null) {
                asking.encode(to);
            }
            call.encode(to);
            return true;
        } catch (RuntimeException | OutOfMemoryError e) {
            if (buffer != null) {
                buffer.writerIndex(before);
            }
            givenUp.accept(call);
            call.unsent(new RedisUnavailableException(
                    "it could not be written for Redis at " + address + ": " + Failures.describe(e)
                            + "; the command was not sent",
                    e));
            return false;
        }
    }

    /** Returns the bytes to write, or null if there are none. */
    @Nullable
    ByteBuf buffer() {
        return buffer;
    }

    /** Frees the buffer, which will not be written. */
    void drop() {
        ReferenceCountUtil.release(buffer);
        buffer = null;
    }
}
