package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.push.PushListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes connections for the command path: to an address, to a socket, or to the server that sentinels name. */
public final class ConnectionFactory {

    private static final Duration SENTINEL_PATIENCE = Duration.ofMillis(500);

    private final LettuceConnector client;
    private final ClientFactory factory;
    private final Scheduler scheduler;
    private final PushListener pushes;

    ConnectionFactory(LettuceConnector client, ClientFactory factory) {
        this(client, factory, push -> {});
    }

    private ConnectionFactory(LettuceConnector client, ClientFactory factory, PushListener pushes) {
        this.client = client;
        this.factory = factory;
        this.scheduler = factory.scheduler();
        this.pushes = pushes;
    }

    /** Returns one whose connections tell {@code pushes} what a server says of its own accord, from the beginning. */
    public ConnectionFactory hearing(PushListener pushes) {
        return new ConnectionFactory(client, factory, pushes);
    }

    public LettuceConnector client() {
        return client;
    }

    /** Connects to {@code address}, or to the socket of the settings where it is null. */
    public ReconnectingConnection.Connector to(@Nullable HostAndPort address, String shown) {
        return patience -> connect(address, shown, patience);
    }

    private CompletionStage<PipelinedConnection> connect(
            @Nullable HostAndPort address, String shown, Duration patience) {
        return factory.tlsFiles()
                .check()
                .thenCompose(usable -> factory.uriWithLogin(address, patience))
                .thenCompose(uri ->
                        client.connect(uri, () -> new PipelinedConnection(shown, HandshakeCommands::ping), pushes));
    }

    /** Connects to {@code address} as well, and fails if the server there says that it is a replica. */
    public ReconnectingConnection.Connector toWritable(@Nullable HostAndPort address, String shown) {
        return patience -> connect(address, shown, patience).thenCompose(pipeline -> {
            Call<String> role = HandshakeCommands.role();
            pipeline.urge(role);
            scheduler.schedule(() -> role.completeExceptionally(new TimeoutException()), patience.toMillis());
            return role.handle((answer, failure) -> {
                // One that does not say what it is may be a proxy, or may not tell this user.
                boolean writable = failure == null ? !"slave".equals(answer) : failure instanceof RedisRefusedException;
                if (!writable) {
                    pipeline.close();
                    throw new IllegalStateException(pipeline.address() + " takes no writes");
                }
                return pipeline;
            });
        });
    }

    /** Connects to a replica of a cluster, and says that it is to be read from. */
    public ReconnectingConnection.Connector toReplica(HostAndPort address) {
        return patience -> connect(address, address.toString(), patience)
                .thenCompose(
                        pipeline -> checked(pipeline, HandshakeCommands.readOnly(), patience, done -> true, "replica"));
    }

    /**
     * Connects to the primary that the sentinels name now, and sees that it is one: a sentinel may have the news late, and a
     * primary that was cut off may come back before it is told that it is none any more.
     */
    public ReconnectingConnection.Connector toPrimary(RedisEndpoint.Sentinels sentinels) {
        return patience -> primary(sentinels)
                .thenCompose(address -> connect(address, address.toString(), patience))
                .thenCompose(pipeline -> checked(
                        pipeline, HandshakeCommands.role(), patience, role -> role.equals("master"), "primary"));
    }

    /** Returns the addresses of the replicas that the sentinels know to be there. */
    public CompletionStage<List<HostAndPort>> replicas(RedisEndpoint.Sentinels sentinels) {
        return firstAnswer(sentinels, () -> HandshakeCommands.sentinelReplicas(sentinels.primary()));
    }

    private CompletionStage<HostAndPort> primary(RedisEndpoint.Sentinels sentinels) {
        return firstAnswer(sentinels, () -> HandshakeCommands.sentinelPrimary(sentinels.primary()));
    }

    /** Asks all sentinels at once; the first that answers is believed. */
    private <T> CompletionStage<T> firstAnswer(RedisEndpoint.Sentinels sentinels, Supplier<Call<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        List<CompletionStage<?>> asked = new ArrayList<>();
        for (HostAndPort sentinel : sentinels.sentinels()) {
            asked.add(ask(sentinel, question, false)
                    .exceptionallyCompose(failure -> wantsLogin(failure)
                            ? ask(sentinel, question, true)
                            : CompletableFuture.failedStage(failure))
                    .thenAccept(answer::complete));
        }
        CompletableFuture.allOf(
                        asked.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new))
                .whenComplete((all, failure) -> answer.completeExceptionally(
                        failure == null
                                ? new IllegalStateException("no sentinel answered")
                                : new IllegalStateException(
                                        "no sentinel named the address: " + Failures.describe(failure), failure)));
        return answer;
    }

    private <T> CompletionStage<T> ask(HostAndPort sentinel, Supplier<Call<T>> question, boolean login) {
        CompletionStage<RedisURI> uri = login
                ? factory.uriWithLogin(sentinel, SENTINEL_PATIENCE)
                : CompletableFuture.completedFuture(factory.uri(sentinel, SENTINEL_PATIENCE));
        return factory.tlsFiles()
                .check()
                .thenCompose(usable -> uri)
                .thenCompose(way -> {
                    way.setDatabase(0);
                    return client.connect(
                            way,
                            () -> new PipelinedConnection(sentinel.toString(), HandshakeCommands::ping),
                            push -> {});
                })
                .thenCompose(pipeline -> {
                    Call<T> call = question.get();
                    pipeline.open(() -> {});
                    pipeline.urge(call);
                    return expiring(call, pipeline, SENTINEL_PATIENCE)
                            .whenComplete((answer, failure) -> pipeline.close());
                });
    }

    private static boolean wantsLogin(Throwable failure) {
        return Failures.connecting("", Futures.unwrapped(failure)) instanceof RedisRefusedException refused
                && refused.reason() == RefusalReason.NOAUTH;
    }

    /** Returns {@code pipeline} once the answer to {@code call} says that it is the right one; else closes it. */
    private <T> CompletionStage<PipelinedConnection> checked(
            PipelinedConnection pipeline, Call<T> call, Duration patience, Function<T, Boolean> right, String wanted) {
        pipeline.urge(call);
        return expiring(call, pipeline, patience).thenApply(answer -> {
            if (!right.apply(answer)) {
                pipeline.close();
                throw new IllegalStateException(pipeline.address() + " is no " + wanted);
            }
            return pipeline;
        });
    }

    /** Returns the answer to {@code call}; a connection that gives none in time, or refuses it, is closed. */
    private <T> CompletionStage<T> expiring(Call<T> call, PipelinedConnection pipeline, Duration patience) {
        Future<?> timer =
                scheduler.schedule(() -> call.completeExceptionally(new TimeoutException()), patience.toMillis());
        return call.whenComplete((answer, failure) -> {
            timer.cancel(false);
            if (failure != null) {
                pipeline.close();
            }
        });
    }
}
