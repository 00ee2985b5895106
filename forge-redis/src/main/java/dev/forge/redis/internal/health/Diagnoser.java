package dev.forge.redis.internal.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.health.Diagnosis;
import dev.forge.redis.health.Finding;
import dev.forge.redis.health.Finding.Code;
import dev.forge.redis.health.Finding.Severity;
import dev.forge.redis.internal.command.Commands;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.protocol.KnownServerBugs;
import dev.forge.redis.internal.protocol.ServerInfo;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Checks one node for problems that will show later. It only reads, in bounded time, and reports what it could not
 * check.
 */
public final class Diagnoser {

    private static final Duration FIRST_ANSWER = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofSeconds(4);
    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofSeconds(1);

    private final Commands commands;
    private final RedisSettings settings;
    private final byte[] key;
    private final InstantSource clock;
    private final Scheduler scheduler;

    /** @param key a key of that node that never has a value */
    public Diagnoser(Commands commands, RedisSettings settings, byte[] key, InstantSource clock, Scheduler scheduler) {
        this.scheduler = scheduler;
        this.commands = commands;
        this.settings = settings;
        this.key = key;
        this.clock = clock;
    }

    /** Returns the diagnosis, within five seconds; never fails. */
    public CompletableFuture<Diagnosis> diagnose() {
        return scheduler
                .within(FIRST_ANSWER, commands.exists(key))
                .handle((found, thrown) -> thrown == null || isRefusedByServer(Futures.unwrapped(thrown))
                        ? looks()
                        : CompletableFuture.completedFuture(unreachable(Futures.unwrapped(thrown))))
                .thenCompose(diagnosis -> diagnosis);
    }

    private CompletableFuture<Diagnosis> looks() {
        List<CompletableFuture<List<Finding>>> looks = List.of(
                CompletableFuture.completedFuture(TransportSecurity.look(settings)),
                bounded("The version", "redis-cli INFO server", this::version),
                bounded("Memory", "redis-cli INFO memory", this::memory),
                bounded(
                        "The permissions of the user",
                        "redis-cli ACL LIST",
                        () -> new AclCheck(commands, settings, key).look()),
                bounded("The clock of the server", "redis-cli TIME; date +%s", this::clocks),
                bounded("Keys without a TTL", "redis-cli --scan --pattern '" + glob() + "'", this::endless));
        return CompletableFuture.allOf(looks.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> {
                    List<Finding> findings = new ArrayList<>();
                    looks.forEach(look -> findings.addAll(look.join()));
                    return new Diagnosis(findings);
                });
    }

    /** Returns what {@code look} finds, or a finding that the check was not possible. */
    private CompletableFuture<List<Finding>> bounded(
            String subject, String todo, Supplier<CompletableFuture<List<Finding>>> look) {
        return scheduler.within(LOOK, look.get()).exceptionally(thrown -> {
            Throwable failure = Futures.unwrapped(thrown);
            String reason = failure instanceof TimeoutException
                    ? "it took longer than " + LOOK.toSeconds() + " s"
                    : isRefusedTo(failure) ? "the user lacks the permission" : Failures.describe(failure);
            return List.of(Finding.notChecked(subject, reason, todo));
        });
    }

    private CompletableFuture<List<Finding>> version() {
        return commands.info("server").thenApply(text -> {
            ServerInfo server = ServerInfo.of(text);
            List<Finding> findings = new ArrayList<>();
            KnownServerBugs.in(server).ifPresent(findings::add);
            KnownServerBugs.tracking(server).ifPresent(findings::add);
            return findings;
        });
    }

    private CompletableFuture<List<Finding>> memory() {
        return commands.info("memory").thenCompose(text -> {
            ServerInfo memory = ServerInfo.of(text);
            if (memory.number("maxmemory") < 0) {
                return CompletableFuture.completedFuture(
                        List.of(Finding.notChecked("Memory", "INFO has no maxmemory", "redis-cli INFO memory")));
            }
            if (memory.number("maxmemory") == 0) {
                return CompletableFuture.completedFuture(List.of(MemoryFindings.noLimit()));
            }
            return KeySample.take(commands, glob(), "hash")
                    .thenCombine(
                            KeySample.take(commands, limitsGlob(), null),
                            (sessions, limits) -> MemoryFindings.full(
                                    memory.text("maxmemory_policy"),
                                    !sessions.keys().isEmpty() || !limits.keys().isEmpty()));
        });
    }

    private CompletableFuture<List<Finding>> clocks() {
        Instant asked = clock.instant();
        long start = System.nanoTime();
        return commands.time().thenApply(server -> {
            Duration half = Duration.ofNanos((System.nanoTime() - start) / 2);
            Duration ahead = Duration.between(asked.plus(half), server);
            // The server read its clock at some moment between the request and the reply.
            if (ahead.abs().minus(half).compareTo(CLOCKS_MAY_DIFFER) <= 0) {
                return List.of();
            }
            return List.of(new Finding(
                    Code.CLOCK_SKEW,
                    Severity.WARNING,
                    "The clock of the server is " + ahead.abs().toMillis() + " ms "
                            + (ahead.isNegative() ? "behind" : "ahead of") + " that of this process.",
                    "Limits and sessions use the clock of the server. When it is corrected, keys expire early or late"
                            + " by as much.",
                    "On both machines:\ntimedatectl set-ntp true\nchronyc tracking"));
        });
    }

    private CompletableFuture<List<Finding>> endless() {
        return KeySample.take(commands, glob(), null).thenCompose(sample -> {
            List<byte[]> endless = new ArrayList<>();
            CompletableFuture<?> all = CompletableFuture.completedFuture(null);
            for (byte[] each : sample.keys()) {
                all = all.thenCombine(commands.pttl(each), (before, millis) -> {
                    if (millis == -1) {
                        endless.add(each);
                    }
                    return before;
                });
            }
            return all.thenApply(done -> endless.isEmpty() ? List.of() : List.of(endless(sample, endless)));
        });
    }

    private Finding endless(KeySample sample, List<byte[]> endless) {
        boolean meant = settings.defaultTtl().equals(Ttl.NO_EXPIRY);
        String example = new String(endless.get(0), UTF_8);
        return new Finding(
                Code.KEYS_WITHOUT_TTL,
                meant ? Severity.NOTE : Severity.WARNING,
                endless.size() + " of " + sample.keys().size() + (sample.whole() ? " keys" : " sampled keys")
                        + " have no TTL, for example " + RedisKey.shown(example) + ".",
                "They stay until they are deleted, and memory fills up."
                        + (meant ? " REDIS_DEFAULT_TTL=never sets this." : ""),
                "Find what writes them; give the existing ones a TTL, or delete them:\n"
                        + "redis-cli --scan --pattern '" + glob() + "' | while read -r k; do\n"
                        + "  [ \"$(redis-cli PTTL \"$k\")\" = -1 ] && redis-cli PEXPIRE \"$k\" 86400000; done");
    }

    private String glob() {
        return KeyPattern.escaped(settings.keyPrefix()) + "*";
    }

    /** Rate limits are strings, like cached values; only the names of their keys differ. */
    private String limitsGlob() {
        return KeyPattern.escaped(settings.keyPrefix()) + "ratelimit:*";
    }

    private Diagnosis unreachable(Throwable failure) {
        String reason = failure instanceof TimeoutException
                ? "no answer from Redis at " + settings.endpoint() + " in " + FIRST_ANSWER.toMillis() + " ms"
                : String.valueOf(failure.getMessage());
        return new Diagnosis(List.of(new Finding(
                Code.UNREACHABLE,
                Severity.SEVERE,
                "Redis does not serve requests: " + (reason.endsWith(".") ? reason : reason + "."),
                "Nothing else could be checked.",
                "RedisManager.healthSync() returns the reason as a code; docs/operations.md says what to do.")));
    }

    /** Returns whether that command was sent and is not permitted; one that got no connection has its refusal as the cause. */
    private static boolean isRefusedByServer(Throwable failure) {
        return isRefusedTo(failure) && failure.getCause() == null;
    }

    private static boolean isRefusedTo(Throwable failure) {
        return failure instanceof RedisRefusedException refused && refused.reason() == RefusalReason.NOPERM;
    }
}
