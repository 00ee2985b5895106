package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.protocol.RespWriter;
import dev.forge.redis.script.LuaScript;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the next write on one connection: its calls in RESP, each script in full when it is sent there first.
 *
 * <p>Confined to the thread that writes.
 */
final class CallEncoder {

    private final String address;
    private final RespWriter bytes;
    private final KnownScripts scripts;

    /**
     * @param address the address that failures name
     * @param kept the most bytes of memory to keep between two writes
     * @param scripts those that the connection has sent
     */
    CallEncoder(String address, int kept, KnownScripts scripts) {
        this.address = address;
        this.bytes = new RespWriter(kept);
        this.scripts = scripts;
    }

    /** Returns the bytes of the calls that were added. */
    RespWriter bytes() {
        return bytes;
    }

    /**
     * Adds a claimed call; if that fails, for want of memory, the call ends as not sent, and the others stay.
     *
     * @param before a call of the connection itself that has to precede it, or null
     * @return whether it was added
     */
    boolean add(Call<?> call, @Nullable Call<?> before) {
        int start = bytes.length();
        try {
            LuaScript script = call.script;
            if (script != null && scripts.isNew(script)) {
                call.inFull(script);
            }
            if (before != null) {
                before.writeTo(bytes);
            }
            call.writeTo(bytes);
            return true;
        } catch (RuntimeException | OutOfMemoryError e) {
            bytes.truncate(start);
            call.unsent(new RedisUnavailableException(
                    "it could not be written for Redis at " + address + ": " + Failures.describe(e)
                            + "; the command was not sent",
                    e));
            return false;
        }
    }
}
