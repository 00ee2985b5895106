package dev.forge.redis.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.Keyspace;
import dev.forge.redis.LuaScript;
import dev.forge.redis.RedisManager;
import dev.forge.redis.ScriptReply;
import dev.forge.redis.Sha256;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The count in Redis, which all processes share. */
final class SharedCount {

    private static final int HASH_BYTES = 16;

    private final RedisManager redis;
    private final Keyspace keyspace;
    private final LuaScript script;
    private final List<Limit> limits;
    private final List<String> suffixes;
    private final List<byte[]> forOne;

    SharedCount(RedisManager redis, String name, Algorithm algorithm, List<Limit> limits) {
        this.redis = redis;
        this.keyspace = new Keyspace("ratelimit:" + name);
        this.script = algorithm.script();
        this.limits = limits;
        this.suffixes = limits.stream().map(algorithm::suffix).toList();
        this.forOne = arguments(1, 1);
    }

    String name() {
        return keyspace.name();
    }

    List<Limit> limits() {
        return limits;
    }

    /** Has {@code requests} of {@code cost} permits each decided as one step; none only looks. */
    CompletableFuture<Count> take(String subject, int cost, int requests, Duration timeout) {
        List<byte[]> arguments = cost == 1 && requests == 1 ? forOne : arguments(cost, requests);
        try {
            return redis.evalAsync(script, keys(subject), arguments, timeout).thenApply(reply -> count(cost, reply));
        } catch (RuntimeException e) {
            // Such as for a manager that is closed.
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Makes it as if {@code subject} had never asked. */
    CompletableFuture<Long> forget(String subject) {
        return redis.deleteAsync(keys(subject));
    }

    /** Returns what stands for {@code subject} where it must not be seen: half of its SHA-256. */
    static String hash(String subject) {
        return Sha256.text(Arrays.copyOf(Sha256.of(subject.getBytes(UTF_8)), HASH_BYTES));
    }

    /** Returns one key for each limit, all of them in one slot of a cluster by the hash between the braces. */
    List<String> keys(String subject) {
        String start = keyspace.name() + "::{" + hash(subject) + "}";
        if (suffixes.size() == 1) {
            return List.of(start + suffixes.get(0));
        }
        List<String> keys = new ArrayList<>(suffixes.size());
        suffixes.forEach(suffix -> keys.add(start + suffix));
        return keys;
    }

    /** Returns the arguments of the scripts, which know nothing of the time of this process. */
    List<byte[]> arguments(int cost, int requests) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(LuaScript.argument(cost));
        arguments.add(LuaScript.argument(requests));
        for (Limit limit : limits) {
            arguments.add(LuaScript.argument(limit.permits()));
            arguments.add(LuaScript.argument(limit.periodMicros()));
        }
        return arguments;
    }

    private Count count(int cost, ScriptReply reply) {
        Limit limit = limits.get((int) reply.longAt(4) - 1);
        return new Count(
                cost, reply.longAt(0), reply.longAt(1), micros(reply.longAt(2)), micros(reply.longAt(3)), limit);
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }
}
