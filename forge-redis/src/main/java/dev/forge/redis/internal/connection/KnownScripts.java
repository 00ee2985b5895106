package dev.forge.redis.internal.connection;

import dev.forge.redis.script.LuaScript;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** Scripts that a connection has sent in full. Thread-safe. */
final class KnownScripts {

    private static final int MOST = 1_000;

    private final Set<ByteBuffer> digests = new HashSet<>();

    /** Assumes from now on that the server knows none of them. */
    synchronized void forget() {
        digests.clear();
    }

    /** Returns whether {@code script} has not been sent in full here yet, and records it as sent. */
    synchronized boolean isNew(LuaScript script) {
        if (digests.size() >= MOST) {
            // The application seems to generate a script for each call: each is sent by its digest first.
            return false;
        }
        return digests.add(ByteBuffer.wrap(script.digest()));
    }
}
