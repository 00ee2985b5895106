package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.transport.Patience;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Asks the sentinels where the primary and its replicas are. Each question goes to all sentinels at once, on a
 * connection of its own, and the first answer counts.
 */
final class SentinelLookup {

    private static final Patience PATIENCE = Patience.ofLater(Duration.ofMillis(500));
    private static final long ASK_AGAIN_MILLIS = 1_000;

    private final ConnectionFactory factory;
    private final RedisEndpoint.Sentinels sentinels;
    private final boolean hasLogin;
    private final Scheduler scheduler;

    /** @param hasLogin whether the settings have a login, which a sentinel may require too */
    SentinelLookup(
            ConnectionFactory factory, RedisEndpoint.Sentinels sentinels, boolean hasLogin, Scheduler scheduler) {
        this.factory = factory;
        this.sentinels = sentinels;
        this.hasLogin = hasLogin;
        this.scheduler = scheduler;
    }

    /** Returns the address of the primary; the attempt to connect to it has {@code patience}. */
    CompletionStage<HostAndPort> primary(Patience patience) {
        return firstAnswer(
                () -> HandshakeCommands.sentinelPrimary(sentinels.primary()), patience.first() ? patience : PATIENCE);
    }

    /** Returns the addresses of the replicas that the sentinels report as up. */
    CompletionStage<List<HostAndPort>> replicas() {
        return firstAnswer(() -> HandshakeCommands.sentinelReplicas(sentinels.primary()), PATIENCE);
    }

    /** Ends {@code attempt} as soon as the sentinels name another primary; the former one may be frozen. */
    void follow(HostAndPort address, CompletableFuture<PipelinedConnection> attempt) {
        if (attempt.isDone()) {
            return;
        }
        scheduler.after(ASK_AGAIN_MILLIS, () -> {
            if (attempt.isDone()) {
                return;
            }
            primary(PATIENCE).whenComplete((named, failure) -> {
                if (named == null || named.equals(address)) {
                    follow(address, attempt);
                } else {
                    attempt.completeExceptionally(
                            new IllegalStateException("the sentinels name " + named + " in the place of " + address));
                }
            });
        });
    }

    private <T> CompletionStage<T> firstAnswer(Supplier<Call<T>> question, Patience patience) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (HostAndPort sentinel : sentinels.sentinels()) {
            asked.add(ask(sentinel, question, patience, false)
                    .exceptionallyCompose(failure -> loginMayHelp(failure)
                            ? ask(sentinel, question, patience, true)
                            : CompletableFuture.failedStage(failure))
                    .thenAccept(answer::complete)
                    .toCompletableFuture());
        }
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .whenComplete((all, failure) -> answer.completeExceptionally(
                        failure == null
                                ? new IllegalStateException("no sentinel answered")
                                : new IllegalStateException(
                                        "no sentinel returned the address: " + Failures.describe(failure), failure)));
        return answer;
    }

    private <T> CompletionStage<T> ask(
            HostAndPort sentinel, Supplier<Call<T>> question, Patience patience, boolean logIn) {
        return factory.toSentinel(sentinel, logIn).connect(patience).thenCompose(connection -> {
            connection.open(() -> {});
            return factory.reply(connection, question.get(), patience.whole())
                    .whenComplete((answer, failure) -> connection.close());
        });
    }

    /** Returns whether there is a login, and the sentinel requires one or does not permit the question without it. */
    private boolean loginMayHelp(Throwable failure) {
        return hasLogin
                && Failures.connecting("", Futures.unwrapped(failure)) instanceof RedisRefusedException refused
                && (refused.reason() == RefusalReason.NOAUTH || refused.reason() == RefusalReason.NOPERM);
    }
}
