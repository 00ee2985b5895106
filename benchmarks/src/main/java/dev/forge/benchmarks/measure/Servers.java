package dev.forge.benchmarks.measure;

import dev.forge.benchmarks.peer.Target;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.List;

/**
 * The servers of a suite, which only that suite uses, and the way to them.
 *
 * <p>Methods that start some throw {@link dev.forge.redis.test.server.EmbeddedRedisException} if there is no server of
 * that kind here.
 */
public final class Servers implements AutoCloseable {
    private final Target target;
    private final List<EmbeddedRedis> nodes;
    private final Runnable closing;

    private Servers(Target target, List<EmbeddedRedis> nodes, Runnable closing) {
        this.target = target;
        this.nodes = List.copyOf(nodes);
        this.closing = closing;
    }

    /** Starts one server. */
    public static Servers single() {
        EmbeddedRedis server = EmbeddedRedis.start();
        return new Servers(Target.server(server.port()), List.of(server), server::close);
    }

    /** Starts one server that speaks TLS, and makes this process trust it. */
    public static Servers withTls() {
        TrustedAuthority authority = TrustedAuthority.create();
        try {
            EmbeddedRedis server =
                    EmbeddedRedis.builder().tls(authority.server()).start();
            return new Servers(new Target(Target.Kind.TLS, server.port()), List.of(server), () -> {
                server.close();
                authority.close();
            });
        } catch (RuntimeException | Error failure) {
            authority.close();
            throw failure;
        }
    }

    /** Starts one server behind a proxy in this process, which delays each reply by a millisecond. */
    public static Servers delayed() {
        EmbeddedRedis server = EmbeddedRedis.start();
        FaultProxy proxy = FaultProxy.to(server.port());
        proxy.latency(FaultProxy.Direction.REPLIES, Duration.ofMillis(1));
        return new Servers(Target.server(proxy.port()), List.of(server), () -> {
            proxy.close();
            server.close();
        });
    }

    /** Starts a cluster of three primaries with a replica each. */
    public static Servers cluster() {
        EmbeddedRedisCluster cluster = EmbeddedRedisCluster.start();
        int port = cluster.nodes().get(0).port();
        return new Servers(new Target(Target.Kind.CLUSTER, port), cluster.nodes(), cluster::close);
    }

    /** Returns what the peers connect to. */
    public Target target() {
        return target;
    }

    /** Returns the version of the servers. */
    public String version() {
        return nodes.get(0).version();
    }

    List<EmbeddedRedis> nodes() {
        return nodes;
    }

    @Override
    public void close() {
        closing.run();
    }
}
