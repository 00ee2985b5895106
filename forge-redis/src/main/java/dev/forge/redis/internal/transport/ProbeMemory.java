package dev.forge.redis.internal.transport;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for 10 s which servers speak TLS, so that an unavailable server does not get twice the connections.
 *
 * <p>Thread-safe.
 */
final class ProbeMemory {

    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_KEPT = 64;

    // Guarded by this.
    private final Map<InetSocketAddress, Probe> probes = new LinkedHashMap<>();

    private record Probe(boolean speaksTls, long at) {}

    /** Returns whether the server speaks TLS: from memory, or else from {@code question}, which may block. */
    synchronized boolean speaksTls(InetSocketAddress server, BooleanSupplier question) {
        @Nullable Probe last = probes.get(server);
        if (last != null && System.nanoTime() - last.at() < KEPT_NANOS) {
            return last.speaksTls();
        }
        if (probes.size() >= MOST_KEPT) {
            probes.clear();
        }
        Probe next = new Probe(question.getAsBoolean(), System.nanoTime());
        probes.put(server, next);
        return next.speaksTls();
    }
}
