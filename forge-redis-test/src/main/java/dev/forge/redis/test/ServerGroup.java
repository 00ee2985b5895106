package dev.forge.redis.test;

import java.util.ArrayList;
import java.util.List;

/** Servers that start one after the other and are closed together, the last one first. */
final class ServerGroup implements AutoCloseable {
    private final List<EmbeddedRedis> servers = new ArrayList<>();
    private volatile boolean closed;

    EmbeddedRedis start(EmbeddedRedis.Builder builder) {
        EmbeddedRedis server = builder.start();
        servers.add(server);
        return server;
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The servers have been closed");
        }
    }

    /** Closes all, also those after one that fails to. */
    @Override
    public void close() {
        closed = true;
        List<RuntimeException> failures = new ArrayList<>();
        for (int index = servers.size() - 1; index >= 0; index--) {
            try {
                servers.get(index).close();
            } catch (RuntimeException failure) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }
}
