package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.tls.ExplainedException;
import io.lettuce.core.RedisCommandExecutionException;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.DefaultNameResolver;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one host, tried one after the other until a server accepts at one of them.
 *
 * <p>They share the connect timeout: each gets an equal part of the time that is left. The name is resolved once, and
 * each address keeps it, because the server's certificate is for the name. A server that refuses the login ends the
 * search.
 */
final class HostAddresses {

    private final long deadline;

    // Guarded by this.
    private final List<String> failed = new ArrayList<>();
    private @Nullable Deque<InetSocketAddress> left;
    private @Nullable InetSocketAddress current;
    private @Nullable Throwable timeout;

    /** @param patience the connect timeout for all addresses together */
    HostAddresses(Duration patience) {
        this.deadline = System.nanoTime() + patience.toNanos();
    }

    /**
     * Returns the next address of {@code host}.
     *
     * @param loop gives the event loop that resolves a name
     */
    synchronized CompletionStage<InetSocketAddress> next(
            String host, int port, Supplier<EventLoop> loop, AddressResolverGroup<?> resolvers) {
        if (left != null) {
            return CompletableFuture.completedFuture(take());
        }
        CompletableFuture<InetSocketAddress> first = new CompletableFuture<>();
        lookedUp(host, port, resolver(host, loop, resolvers)).addListener((Future<List<SocketAddress>> found) -> {
            if (!found.isSuccess()) {
                first.completeExceptionally(found.cause());
                return;
            }
            try {
                first.complete(found(host, port, found.getNow()));
            } catch (UnknownHostException e) {
                first.completeExceptionally(e);
            }
        });
        return first;
    }

    /** Returns what resolves {@code host}; for an address, without the thread of another event loop. */
    private static AddressResolver<?> resolver(
            String host, Supplier<EventLoop> loop, AddressResolverGroup<?> resolvers) {
        boolean isAddress = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
        return isAddress
                ? new DefaultNameResolver(ImmediateEventExecutor.INSTANCE).asAddressResolver()
                : resolvers.getResolver(loop.get());
    }

    /** Returns the share of the connect timeout for the current address. */
    synchronized Duration share() {
        int others = left == null ? 0 : left.size();
        return Duration.ofNanos(Math.max(1_000_000, (deadline - System.nanoTime()) / (1 + others)));
    }

    /** Records why the current address has failed; returns whether to try another. */
    synchronized boolean goOn(Throwable failure) {
        if (current == null || left == null) {
            return false;
        }
        if (timeout == null && Failures.isTimeout(failure)) {
            timeout = failure;
        }
        failed.add(current.getAddress().getHostAddress() + ": " + Failures.describe(failure));
        for (Throwable step = failure; step != null; step = step.getCause()) {
            if (step instanceof RedisCommandExecutionException) {
                failed.clear();
                return false;
            }
        }
        return !left.isEmpty() && deadline - System.nanoTime() > 0;
    }

    /** Returns the failure to report when no address is left; the last one failed with {@code last}. */
    synchronized Throwable summary(Throwable last) {
        // The cause decides whether the next attempt gets more time.
        return failed.size() < 2
                ? last
                : new ExplainedException(String.join("; ", failed), timeout == null ? last : timeout);
    }

    @SuppressWarnings("unchecked") // every resolver of the client has this type
    private static Future<List<SocketAddress>> lookedUp(String host, int port, AddressResolver<?> resolver) {
        return ((AddressResolver<SocketAddress>) resolver).resolveAll(InetSocketAddress.createUnresolved(host, port));
    }

    private synchronized InetSocketAddress found(String host, int port, List<SocketAddress> addresses)
            throws UnknownHostException {
        Deque<InetSocketAddress> all = new ArrayDeque<>();
        for (SocketAddress address : addresses) {
            InetAddress plain = ((InetSocketAddress) address).getAddress();
            InetAddress named = plain instanceof Inet6Address scoped
                    ? Inet6Address.getByAddress(host, plain.getAddress(), scoped.getScopeId())
                    : InetAddress.getByAddress(host, plain.getAddress());
            all.add(new InetSocketAddress(named, port));
        }
        if (all.isEmpty()) {
            throw new UnknownHostException(host);
        }
        left = all;
        return take();
    }

    private synchronized InetSocketAddress take() {
        InetSocketAddress taken = left == null ? null : left.poll();
        if (taken == null) {
            throw new IllegalStateException("no address is left");
        }
        current = taken;
        return taken;
    }
}
