package dev.forge.redis.internal.connection;

import dev.forge.redis.script.LuaScript;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** The scripts that a connection has sent in full. Confined to the event loop. */
final class KnownScripts {

    private static final int MOST = 1_000;

    private final Set<ByteBuffer> digests = new HashSet<>();

    /** Takes it that the server knows none of them any more. */
    void forget() {
        digests.clear();
    }

    /** Returns whether {@code script} has not been sent here yet, and takes it that it now is. */
    boolean isNew(LuaScript script) {
        if (digests.size() >= MOST) {
            // Made anew for each call, it seems; the server is asked whether it knows them.
            return false;
        }
        return digests.add(ByteBuffer.wrap(script.digest()));
    }
}
