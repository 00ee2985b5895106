package dev.forge.redis.internal.health;

import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.health.Health;
import dev.forge.redis.health.Health.Details;
import dev.forge.redis.health.Health.Down;
import dev.forge.redis.health.Health.ReadOnly;
import dev.forge.redis.health.Health.Reason;
import dev.forge.redis.health.Health.Up;
import dev.forge.redis.internal.command.Commands;
import dev.forge.redis.internal.protocol.ServerInfo;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the health of one node by sending it commands.
 *
 * <p>It sends a read and a write that changes nothing, and trusts the replies. PING would not do: servers that serve no
 * data answer it, and one that can still be read refuses it. Nor would a calculation from INFO: not every user may run
 * it, and each version has its own rules for refusing a write.
 */
public final class HealthProbe {

    static final Duration TIMEOUT = Duration.ofMillis(500);

    private final Commands commands;
    private final byte[] key;
    private final String address;
    private final Scheduler scheduler;

    /** @param key a key of that node that never has a value */
    public HealthProbe(Commands commands, byte[] key, String address, Scheduler scheduler) {
        this.scheduler = scheduler;
        this.commands = commands;
        this.key = key;
        this.address = address;
    }

    /** Returns the health, within half a second; never fails. */
    public CompletableFuture<Health> probe() {
        return new Questions().judged();
    }

    /** The questions of one probe, all sent at once. */
    private final class Questions {
        private final long start = System.nanoTime();
        private final CompletableFuture<Boolean> read = commands.exists(key);
        private final CompletableFuture<Void> write = commands.tryWrite(key);
        private final CompletableFuture<String> server = commands.info("server");
        private final CompletableFuture<String> replication = commands.info("replication");
        private final CompletableFuture<String> memory = commands.info("memory");

        CompletableFuture<Health> judged() {
            return scheduler
                    .within(TIMEOUT, CompletableFuture.allOf(read, write, server, replication, memory))
                    .handle((done, failure) -> judge());
        }

        private Health judge() {
            Throwable unread = failure(read);
            Throwable unwritten = failure(write);
            Details details = details();
            // An unanswered question would otherwise count as under way until its own deadline.
            for (CompletableFuture<?> question :
                    new CompletableFuture<?>[] {read, write, server, replication, memory}) {
                question.cancel(false);
            }
            if (unread != null) {
                return down(unread);
            }
            if (unwritten instanceof RedisRefusedException refused) {
                return new ReadOnly(reason(refused.reason()), details);
            }
            if (unwritten != null) {
                return down(unwritten);
            }
            // A replica may be configured to accept writes, but loses them when its primary next synchronizes it.
            return details.role().equals("slave") ? new ReadOnly(Reason.REPLICA, details) : new Up(details);
        }

        private Details details() {
            ServerInfo info = ServerInfo.of(text(server) + "\n" + text(replication) + "\n" + text(memory));
            return new Details(
                    Duration.ofNanos(System.nanoTime() - start),
                    info.mode(),
                    info.text("role"),
                    info.version(),
                    info.number("used_memory"),
                    info.number("maxmemory"),
                    info.text("maxmemory_policy"),
                    ServerInfo.UNKNOWN);
        }
    }

    private Down down(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return new Down(
                    Reason.NO_ANSWER, "no answer from Redis at " + address + " in " + TIMEOUT.toMillis() + " ms");
        }
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof RedisRefusedException refused) {
            return new Down(reason(refused.reason()), message);
        }
        return new Down(
                failure instanceof RedisUnavailableException
                        ? Reason.UNREACHABLE
                        : failure instanceof RedisOutcomeUnknownException ? Reason.NO_ANSWER : Reason.OTHER,
                message);
    }

    private static Reason reason(RefusalReason refusal) {
        return switch (refusal) {
            case NOAUTH, WRONGPASS -> Reason.AUTHENTICATION;
            case NOPERM -> Reason.NOT_PERMITTED;
            case LOADING -> Reason.LOADING;
            case BUSY -> Reason.BUSY;
            case CLUSTERDOWN -> Reason.NOT_SERVED;
            case MASTERDOWN -> Reason.PRIMARY_LOST;
            case MISCONF -> Reason.CANNOT_PERSIST;
            case OOM -> Reason.OUT_OF_MEMORY;
            case READONLY -> Reason.REPLICA;
            case NOREPLICAS -> Reason.TOO_FEW_REPLICAS;
            case MAXCLIENTS -> Reason.TOO_MANY_CLIENTS;
            default -> Reason.OTHER;
        };
    }

    /** Returns why {@code question} has no answer, or null if it has one. */
    private static @Nullable Throwable failure(CompletableFuture<?> question) {
        if (!question.isDone()) {
            return new TimeoutException();
        }
        try {
            question.join();
            return null;
        } catch (CompletionException | CancellationException e) {
            return Futures.unwrapped(e);
        }
    }

    private static String text(CompletableFuture<String> question) {
        return failure(question) == null ? question.join() : "";
    }
}
