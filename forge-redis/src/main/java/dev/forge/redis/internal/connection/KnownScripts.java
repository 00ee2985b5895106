package dev.forge.redis.internal.connection;

import dev.forge.redis.script.LuaScript;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Scripts that a connection has sent in full.
 *
 * <p>Each connection to a server sends them itself, so that no script overtakes its own source. When one connection
 * finds that the server has lost its scripts, all connections to it know.
 *
 * <p>Thread-safe.
 */
final class KnownScripts {

    private static final int MOST = 1_000;

    // How often the server has lost its scripts; shared by the connections to it.
    private final AtomicInteger losses;

    // Guarded by this.
    private final Set<ByteBuffer> digests = new HashSet<>();
    private int lossesSeen;

    KnownScripts() {
        this(new AtomicInteger());
    }

    private KnownScripts(AtomicInteger losses) {
        this.losses = losses;
    }

    /** Returns those of another connection to the same server. */
    KnownScripts beside() {
        return new KnownScripts(losses);
    }

    /** Assumes from now on that the server knows none, on any connection, but {@code sent}, which is sent here next. */
    void forgetAllBut(LuaScript sent) {
        losses.incrementAndGet();
        isNew(sent);
    }

    /** Returns whether {@code script} has not been sent in full here yet, and records it as sent. */
    synchronized boolean isNew(LuaScript script) {
        int now = losses.get();
        if (now != lossesSeen) {
            lossesSeen = now;
            digests.clear();
        }
        if (digests.size() >= MOST) {
            // The application seems to generate a script for each call: each is sent by its digest first.
            return false;
        }
        return digests.add(ByteBuffer.wrap(script.digest()));
    }
}
