package dev.forge.redis.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.digest.Sha256;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.script.ScriptInput;
import dev.forge.redis.script.ScriptReply;
import dev.forge.redis.settings.RedisEndpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The count in Redis, which all processes share. */
final class SharedCount {

    private static final int HASH_BYTES = 16;

    private static final byte[] ONE = LuaScript.argument(1);

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final LuaScript script;
    private final List<Limit> limits;
    private final List<String> suffixes;
    private final List<byte[]> terms;
    private final boolean isCluster;

    /** The call that left last, or is about to. */
    private final AtomicReference<@Nullable CheckBatch> batch = new AtomicReference<>();

    SharedCount(RedisCore redis, String name, Algorithm algorithm, List<Limit> limits) {
        this.redis = redis;
        this.keyspace = new Keyspace("ratelimit:" + name);
        this.script = algorithm.script();
        this.limits = limits;
        this.suffixes = limits.stream().map(algorithm::suffix).toList();
        this.terms = terms(limits);
        this.isCluster = redis.settings().endpoint() instanceof RedisEndpoint.Cluster;
    }

    private static List<byte[]> terms(List<Limit> limits) {
        List<byte[]> terms = new ArrayList<>();
        terms.add(LuaScript.argument(limits.size()));
        for (Limit limit : limits) {
            terms.add(LuaScript.argument(limit.permits()));
            terms.add(LuaScript.argument(limit.periodMicros()));
        }
        return terms;
    }

    String name() {
        return keyspace.name();
    }

    List<Limit> limits() {
        return limits;
    }

    /** Has {@code requests} of {@code cost} permits each decided as one step; none only looks. */
    CompletableFuture<Count> take(String subject, int cost, int requests, Duration timeout) {
        Check ask = new Check(keys(subject), cost, requests);
        long endsAt = System.nanoTime() + timeout.toNanos();
        while (true) {
            CheckBatch next = batch.get();
            if (next != null && next.take(ask, endsAt)) {
                return ask;
            }
            CheckBatch own = new CheckBatch(ask, endsAt);
            if (isCluster || batch.compareAndSet(next, own)) {
                send(own, ask, timeout);
                return ask;
            }
        }
    }

    private void send(CheckBatch own, Check first, Duration timeout) {
        try {
            // Subjects are on different servers of a cluster.
            CompletableFuture<ScriptReply> reply = isCluster
                    ? redis.eval(script, first.keys(), arguments(own.leave()), timeout)
                    : redis.evalLate(script, () -> input(own.leave()), timeout);
            reply.whenComplete((counts, thrown) -> ended(own.leave(), counts, thrown));
        } catch (Throwable e) {
            // Such as for a manager that is closed. Those who have taken a seat must not wait for ever, whatever it is.
            ended(own.leave(), null, e);
        }
    }

    private void ended(List<Check> asks, @Nullable ScriptReply reply, @Nullable Throwable thrown) {
        try {
            if (reply == null) {
                throw new CompletionException(thrown);
            }
            ByteBuffer counts = ByteBuffer.wrap(reply.asBytes().orElseThrow());
            asks.forEach(ask -> ask.complete(count(ask.cost(), counts)));
        } catch (Throwable e) {
            asks.forEach(ask -> ask.completeExceptionally(e));
        }
    }

    /** Makes it as if {@code subject} had never asked. */
    CompletableFuture<Long> forget(String subject) {
        return redis.delete(keys(subject));
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

    private ScriptInput input(List<Check> asks) {
        if (asks.size() == 1) {
            return new ScriptInput(asks.get(0).keys(), arguments(asks));
        }
        List<String> keys = new ArrayList<>(asks.size() * limits.size());
        asks.forEach(ask -> keys.addAll(ask.keys()));
        return new ScriptInput(keys, arguments(asks));
    }

    /** Returns the arguments of the scripts, which know nothing of the time of this process. */
    private List<byte[]> arguments(List<Check> asks) {
        List<byte[]> arguments = new ArrayList<>(terms.size() + 2 * asks.size());
        arguments.addAll(terms);
        for (Check ask : asks) {
            arguments.add(argument(ask.cost()));
            arguments.add(argument(ask.requests()));
        }
        return arguments;
    }

    private static byte[] argument(int number) {
        return number == 1 ? ONE : LuaScript.argument(number);
    }

    /** Reads the five numbers that a script replies for one subject. */
    private Count count(int cost, ByteBuffer counts) {
        long allowed = (long) counts.getDouble();
        long left = (long) counts.getDouble();
        Duration retryAfter = micros(counts.getDouble());
        Duration resetAfter = micros(counts.getDouble());
        return new Count(cost, allowed, left, retryAfter, resetAfter, limits.get((int) counts.getDouble() - 1));
    }

    private static Duration micros(double micros) {
        return Duration.of((long) micros, ChronoUnit.MICROS);
    }
}
