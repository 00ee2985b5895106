package dev.forge.redis.test;

import static java.util.stream.Collectors.toMap;

import dev.forge.redis.test.server.Directive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Servers that start one after the other and are closed together, the last one first.
 *
 * <p>Each is announced to clients and to the others under its own port, or that of a proxy in front of it.
 */
final class ServerGroup implements AutoCloseable {
    private static final int NOT_YET = 1;

    private final List<EmbeddedRedis> servers = new ArrayList<>();
    private final Map<EmbeddedRedis, FaultProxy> proxies = new ConcurrentHashMap<>();
    private final List<FaultProxy> opened = new ArrayList<>();
    private volatile boolean closed;

    EmbeddedRedis start(EmbeddedRedis.Builder builder) {
        EmbeddedRedis server = builder.start();
        servers.add(server);
        return server;
    }

    /** Starts one behind a proxy; {@code announcing} returns the options that announce the proxy's port. */
    EmbeddedRedis startBehindProxy(EmbeddedRedis.Builder builder, IntFunction<List<Directive>> announcing) {
        // The server's port is known only when it has started, and then it has to announce the proxy's port.
        FaultProxy proxy = FaultProxy.to(NOT_YET);
        opened.add(proxy);
        EmbeddedRedis server = start(builder.options(announcing.apply(proxy.port())));
        proxy.target(server.port());
        proxies.put(server, proxy);
        return server;
    }

    /** The port on which clients reach a server. */
    int portOf(EmbeddedRedis server) {
        FaultProxy proxy = proxies.get(server);
        return proxy == null ? server.port() : proxy.port();
    }

    /** The servers by their {@linkplain #portOf ports}. */
    Map<Integer, EmbeddedRedis> byPort(List<EmbeddedRedis> some) {
        return some.stream().collect(toMap(this::portOf, Function.identity()));
    }

    FaultProxy proxyOf(EmbeddedRedis server) {
        FaultProxy proxy = proxies.get(server);
        if (proxy == null) {
            throw new IllegalStateException("There is no proxy in front of " + server.url() + ": use behindProxies()");
        }
        return proxy;
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The servers have been closed");
        }
    }

    /** Closes all, even if closing one of them fails. */
    @Override
    public void close() {
        closed = true;
        opened.forEach(FaultProxy::close);
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
