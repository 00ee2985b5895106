package dev.forge.redis;

import dev.forge.redis.Health.Details;
import dev.forge.redis.Health.Down;
import dev.forge.redis.Health.ReadOnly;
import dev.forge.redis.Health.Reason;
import dev.forge.redis.Health.Up;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds out how Redis is.
 *
 * <p>It reads a key and what the server says of itself, in one flush. PING would not do: it is answered by servers that
 * serve nothing.
 */
final class HealthProbe {

    static final Duration TIMEOUT = Duration.ofMillis(500);

    private final Commands commands;
    private final byte[] key;
    private final String address;

    HealthProbe(Commands commands, byte[] key, String address) {
        this.commands = commands;
        this.key = key;
        this.address = address;
    }

    /** Returns the health, within half a second; never fails. */
    CompletableFuture<Health> probe() {
        long start = System.nanoTime();
        CompletableFuture<Boolean> read = commands.exists(key);
        CompletableFuture<String> server = commands.info("server");
        CompletableFuture<String> replication = commands.info("replication");
        CompletableFuture<String> memory = commands.info("memory");
        return CompletableFuture.allOf(read, server, replication, memory)
                .thenApply(done -> judge(
                        Duration.ofNanos(System.nanoTime() - start),
                        fields(server.join() + "\n" + replication.join() + "\n" + memory.join())))
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(this::down);
    }

    private static Health judge(Duration latency, Map<String, String> fields) {
        Details details = new Details(
                latency,
                fields.getOrDefault("redis_mode", "unknown"),
                fields.getOrDefault("role", "unknown"),
                fields.getOrDefault("valkey_version", fields.getOrDefault("redis_version", "unknown")),
                number(fields, "used_memory"),
                number(fields, "maxmemory"),
                fields.getOrDefault("maxmemory_policy", "unknown"));
        if (details.role().equals("slave")) {
            return new ReadOnly(Reason.REPLICA, details);
        }
        if (details.maxMemory() > 0
                && details.usedMemory() >= details.maxMemory()
                && details.evictionPolicy().equals("noeviction")) {
            return new ReadOnly(Reason.OUT_OF_MEMORY, details);
        }
        return new Up(details);
    }

    private Health down(Throwable thrown) {
        Throwable failure = Failures.unwrapped(thrown);
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
            case CLUSTERDOWN, MASTERDOWN -> Reason.NOT_SERVED;
            case MISCONF -> Reason.CANNOT_PERSIST;
            case OOM -> Reason.OUT_OF_MEMORY;
            case MAXCLIENTS -> Reason.UNREACHABLE;
            default -> Reason.OTHER;
        };
    }

    private static Map<String, String> fields(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return fields;
    }

    private static long number(Map<String, String> fields, String name) {
        String text = fields.getOrDefault(name, "");
        return text.chars().allMatch(Character::isDigit) && !text.isEmpty() ? Long.parseLong(text) : 0;
    }
}
