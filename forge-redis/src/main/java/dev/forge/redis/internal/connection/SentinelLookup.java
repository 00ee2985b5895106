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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Asks the sentinels where the primary and its replicas are. Each question goes to all of them at once, on connections
 * of its own.
 */
final class SentinelLookup {

    private static final Patience PATIENCE = Patience.ofLater(Duration.ofMillis(500));
    private static final long ASK_AGAIN_MILLIS = 1_000;

    // How long the other sentinels have to answer once one has.
    private static final long VOTE_MILLIS = 500;

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

    /** Returns where more than half of all sentinels say that the primary is; fails if these do not answer or agree. */
    CompletionStage<HostAndPort> agreedPrimary() {
        return primary(PATIENCE, sentinels.sentinels().size() / 2 + 1);
    }

    /**
     * Returns where most of the sentinels that answer say that the primary is, see {@link SentinelVote}.
     *
     * @param patience that of the attempt to connect
     */
    CompletionStage<HostAndPort> primary(Patience patience) {
        return primary(patience.first() ? patience : PATIENCE, 1);
    }

    private CompletionStage<HostAndPort> primary(Patience each, int least) {
        SentinelVote vote = new SentinelVote(sentinels.sentinels().size(), least);
        for (HostAndPort sentinel : sentinels.sentinels()) {
            ask(sentinel, () -> HandshakeCommands.sentinelPrimary(sentinels.primary()), each)
                    .whenComplete((named, failure) -> {
                        if (named == null) {
                            vote.failed(sentinel, failure);
                        } else {
                            vote.named(named);
                            endSoon(vote);
                        }
                    });
        }
        return vote.winner();
    }

    private void endSoon(SentinelVote vote) {
        if (!vote.winner().isDone()) {
            scheduler.after(VOTE_MILLIS, vote::end);
        }
    }

    /** Returns the addresses of the replicas that the first sentinel to answer reports as up. */
    CompletionStage<List<HostAndPort>> replicas() {
        CompletableFuture<List<HostAndPort>> first = new CompletableFuture<>();
        CompletableFuture<?>[] asked = sentinels.sentinels().stream()
                .map(sentinel -> ask(sentinel, () -> HandshakeCommands.sentinelReplicas(sentinels.primary()), PATIENCE)
                        .thenAccept(first::complete)
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(asked).whenComplete((all, failure) -> {
            if (failure != null) {
                first.completeExceptionally(failure);
            }
        });
        return first;
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

    private <T> CompletionStage<T> ask(HostAndPort sentinel, Supplier<Call<T>> question, Patience patience) {
        return ask(sentinel, question, patience, false)
                .exceptionallyCompose(failure -> loginMayHelp(failure)
                        ? ask(sentinel, question, patience, true)
                        : CompletableFuture.failedStage(failure));
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
